"""Where Django's formats for 简体中文 are not those of Chinese accounts: thousands are set apart, as in 2,000."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
