"""By what clients are found that may be one, worked out in the database for any number of them at once.

A name counts without its company form (有限公司, Ltd, GmbH), folded as the search folds it, in characters and by sound.
The same statements serve clients of the book and what somebody is typing: they read a relation `c` with the columns of
a client, `phones`, the fingerprints of their telephones, and `numbers`, those of numbers that identify.
"""

from __future__ import annotations

from typing import Final

CHINESE_FORMS: Final = (
    "((集团|控股|股份|有限|责任|总)*公司|(普通|有限|特殊)*合伙(企业)?((普通|有限|特殊)*合伙)?|(集团|控股))$"
)
LATIN_FORMS: Final = (
    "( (co|company|ltd|limited|liability|inc|incorporated|corp|corporation|llc|llp|lp|plc|gmbh|mbh|ag|kg|kgaa|ohg|se"
    "|sa|sas|sarl|srl|spa|bv|nv|oy|oyj|ab|as|asa|aps|kk|pte|pty|pvt|private|public|sdn|bhd|holdings?|group))+$"
)
SPOKEN_FORMS: Final = "((jituan|konggu|gufen|youxian|zeren|zong)*gongsi|jituan|konggu)$"
DROPPED_ARTICLE: Final = "^the "

SHORTEST_TO_ERR: Final = 7
"""Characters that a Chinese name needs to be compared with those that differ in one of them."""
MOST_IN_COMMON: Final = 40
"""A key that more clients share tells nobody apart and is left out."""

# `is_chinese`: whether `sort_key` is the pinyin of a Chinese name.
PARTIES: Final = f"""
SELECT c.id, c.kind, c.region_id, c.industry_id, phones, numbers,
       regexp_replace(replace(crm_folded(c.name_zh), ' ', ''), '{CHINESE_FORMS}', '') AS chinese,
       regexp_replace(regexp_replace(btrim(regexp_replace(crm_folded(c.name_en), '\\s+', ' ', 'g')),
                      '{LATIN_FORMS}', ''), '{DROPPED_ARTICLE}', '') AS latin,
       CASE WHEN c.name_zh <> ''
            THEN regexp_replace(split_part(crm_folded(crm_spelling(c.sort_key, true)), ' ', 1), '{SPOKEN_FORMS}', '')
            ELSE '' END AS spoken,
       replace(crm_folded(coalesce(c.registration_number, '')), ' ', '') AS number
FROM {{clients}}
"""  # noqa: S608 - patterns of ours

OF_BOOK: Final = PARTIES.format(
    clients="""crm_client c LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT phone_fingerprint) AS phones FROM crm_contactperson
        WHERE client_id = c.id AND ended_on IS NULL AND phone_fingerprint <> ''
    ) p ON true LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT kind || fingerprint) AS numbers FROM crm_identitynumber
        WHERE client_id = c.id AND ended_on IS NULL
    ) i ON true WHERE c.merged_into_id IS NULL AND {which}"""
)
OF_WORDS: Final = PARTIES.format(
    clients="""(SELECT 0::bigint AS id, %(kind)s::text AS kind, %(region)s::bigint AS region_id,
        %(industry)s::bigint AS industry_id, %(name_zh)s::text AS name_zh, %(name_en)s::text AS name_en,
        %(sort_key)s::text AS sort_key, %(number)s::text AS registration_number) c
    CROSS JOIN (SELECT %(phones)s::text[] AS phones, '{}'::text[] AS numbers) p"""
)

KEYS: Final = """
SELECT DISTINCT t.id, k.kind, left(k.key, 400) AS key FROM ({parties}) t
CROSS JOIN LATERAL (
    SELECT string_agg(word, ' ' ORDER BY word) AS sorted, count(*) AS many
    FROM unnest(string_to_array(t.latin, ' ')) word
) w
CROSS JOIN LATERAL (
    SELECT 'bag' AS kind, string_agg(sign, '' ORDER BY sign) AS key
    FROM regexp_split_to_table(t.chinese, '') sign WHERE t.chinese <> ''
    UNION ALL SELECT 'words', w.sorted WHERE t.latin <> ''
    UNION ALL SELECT 'frame', regexp_replace(
            regexp_replace(w.sorted, '(.)\\1', '\\1', 'g'), '(?<=[a-z])[aeiouyh]+', '', 'g')
        WHERE length(t.latin) > 5 AND t.kind <> 'individual'
    UNION ALL SELECT 'sound', t.spoken WHERE t.spoken <> ''
    UNION ALL SELECT 'sound', replace(t.latin, ' ', '') WHERE t.latin <> ''
    UNION ALL SELECT 'number', t.number WHERE t.number <> ''
    UNION ALL SELECT 'phone', unnest(t.phones)
    UNION ALL SELECT 'ident', unnest(t.numbers)
    UNION ALL SELECT 'less', overlay(t.chinese PLACING '' FROM at FOR 1) FROM generate_series(1, length(t.chinese)) at
        WHERE length(t.chinese) >= {shortest} AND t.kind <> 'individual'
    UNION ALL SELECT 'fewer', (SELECT string_agg(word, ' ' ORDER BY word)
                               FROM unnest(string_to_array(t.latin, ' ')) WITH ORDINALITY AS part (word, nth)
                               WHERE nth <> at) FROM generate_series(1, w.many) at
        WHERE w.many >= 3 AND t.kind <> 'individual'
) k WHERE k.key <> ''
"""


def keys_of(parties: str) -> str:
    """A SELECT of (id, kind, key) of the clients, rows or words that `parties` reads."""
    return KEYS.format(parties=parties, shortest=SHORTEST_TO_ERR)
