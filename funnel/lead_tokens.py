"""The tokens of the web forms of sources, signed as those of questionnaires are."""

from crm.link_tokens import Tokens

LEADS = Tokens("funnel.lead-source", page="funnel:lead-form")
address_of, token_of, nonce_of = LEADS.address_of, LEADS.token_of, LEADS.nonce_of
