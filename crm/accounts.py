from allauth.account.adapter import DefaultAccountAdapter


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a system administrator; nobody signs up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url) -> bool:
        """Whether one may be sent on to an address: only a page of our own, and never what is no address at all."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False
