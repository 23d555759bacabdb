"""Why a file or an import as a whole is refused. What is wrong with one row is an ImportIssue (`messages`)."""

from django.utils.translation import gettext_lazy as _

from crm.errors import DomainError


class UnreadableFile(DomainError):
    """The file cannot be read as a table."""

    code = "unreadable_file"
    status = 400


class FileTooLarge(UnreadableFile):
    code = "file_too_large"
    message = _("The file is larger than %(limit)s MB. Split it into several files.")


class EmptyFile(UnreadableFile):
    code = "empty_file"
    message = _("The file is empty. Choose a file with a header row and at least one row below it.")


class NoRows(UnreadableFile):
    code = "no_rows"
    message = _("The file has a header but no rows below it. Add the rows and upload it again.")


class NotText(UnreadableFile):
    code = "not_text"
    message = _("The file is neither a table of text nor a workbook. Save it as CSV (UTF-8) or XLSX.")


class HasNulBytes(UnreadableFile):
    code = "nul_bytes"
    message = _(
        "Line %(line)s holds what is no text. Choose UTF-16 as the encoding of the file, or save it as CSV (UTF-8)."
    )


class HasControlCharacters(UnreadableFile):
    code = "control_characters"
    message = _(
        "Line %(line)s contains control characters that do not belong in text. Save the file as CSV (UTF-8)."
    )


class UnknownEncoding(UnreadableFile):
    code = "unknown_encoding"
    message = _(
        "The text is neither UTF-8, UTF-16 nor GB18030. Name its encoding, or save it as CSV (UTF-8)."
    )


class WrongEncoding(UnreadableFile):
    code = "wrong_encoding"
    message = _("The file is not written in %(encoding)s. Choose another encoding, or let it be detected.")


class DamagedTable(UnreadableFile):
    code = "damaged_table"
    message = _("The table breaks off at line %(line)s. Look for a quotation mark that is not closed there.")


class DuplicateHeader(UnreadableFile):
    code = "duplicate_header"
    message = _("Several columns are called “%(name)s”. Give each column a name of its own.")


class TooManyColumns(UnreadableFile):
    code = "too_many_columns"
    message = _(
        "The file has %(columns)s columns; at most %(limit)s are read. Delete those that are not needed."
    )


class TooManyRows(UnreadableFile):
    code = "too_many_rows"
    message = _("The file has more than %(limit)s rows. Split it into several files.")


class CellTooLong(UnreadableFile):
    code = "cell_too_long"
    message = _(
        "A cell in line %(line)s is longer than %(limit)s characters. A quotation mark may not be closed there."
    )


class HasTitle(UnreadableFile):
    code = "title_above"
    message = _(
        "Line %(line)s names one column, “%(name)s”, and the rows below have several. If it is a title, delete it: the "
        "first line holds the name of each column."
    )


class IsWebPage(UnreadableFile):
    code = "web_page"
    message = _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program and save it as XLSX."
    )


class NotAWorkbook(UnreadableFile):
    code = "not_a_workbook"
    message = _(
        "This is an archive or another document, not a workbook. Unpack it, or save the table in it as XLSX or CSV."
    )


class DamagedWorkbook(UnreadableFile):
    code = "damaged_workbook"
    message = _(
        "The workbook cannot be read. Open it, save it again as XLSX without a password, and upload that."
    )


class OversizedWorkbook(UnreadableFile):
    code = "oversized_workbook"
    message = _(
        "The workbook unpacks to more than can be read. Copy the rows that matter into a new workbook."
    )


class DamagedArff(UnreadableFile):
    code = "damaged_arff"
    message = _("Line %(line)s is not ARFF: attributes, then @data, then rows of comma-separated values.")


class IncompleteMapping(DomainError):
    code = "incomplete_mapping"
    message = _("No column is chosen for: %(fields)s. Choose one, or give a value for every row.")
    status = 400


class UnknownField(DomainError):
    code = "unknown_field"
    message = _("There is no field “%(field)s” here. Known fields: %(known)s.")
    status = 400


class UnknownColumn(DomainError):
    code = "unknown_column"
    message = _("The file has no column “%(column)s”. Its columns: %(known)s.")
    status = 400


class UnknownMetric(DomainError):
    code = "unknown_metric"
    message = _(
        "There is no metric “%(metric)s”. Only a system administrator may add it, under a key of a–z, 0–9 and _."
    )
    status = 400


class MixedReadings(DomainError):
    code = "mixed_readings"
    message = _("Choose either the columns metric and value, or a column for each metric, not both.")
    status = 400


class UnknownDateOrder(DomainError):
    code = "unknown_date_order"
    message = _(
        "Dates with slashes are mdy (month first), dmy (day first) or auto; “%(value)s” is none of these."
    )
    status = 400


class UnknownChoice(DomainError):
    code = "unknown_choice"
    message = _(
        "Rows that look like a record update it, make a new one (new) or are left out (skip); not “%(value)s”."
    )
    status = 400


class TwinsUndecided(DomainError):
    code = "twins_undecided"
    message = _(
        "%(rows)s rows look like records that are known. Choose first what becomes of each, or of all."
    )


class WrongMoment(DomainError):
    code = "wrong_moment"
    message = _(
        "It stands elsewhere by now: not planned yet, under way, or finished. Reload the page to see where it stands."
    )
