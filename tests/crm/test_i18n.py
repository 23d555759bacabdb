"""The watch over the Chinese catalogue: what it finds in the sources, and what it complains of."""

from babel.messages.catalog import Catalog, Message

from crm import i18n


def complaints(known: Message | None) -> list[str]:
    return list(i18n.faults(known))


def message(id_, string, **more) -> Message:
    return Message(id_, string, **more)


def test_complete_message_is_no_fault():
    assert complaints(message("%(count)d of {all}", "{all} 中的 %(count)d")) == []


def test_unknown_empty_fuzzy_and_misfitting_messages_are_faults():
    assert "messages update" in complaints(None)[0]
    assert complaints(message("Save", "")) == ["not translated"]
    assert complaints(message("Save", "保存", flags=["fuzzy"])) == ["translation not confirmed (fuzzy)"]
    assert complaints(message("%(name)s is here", "在这里")) == ["placeholders differ"]
    assert complaints(message("{name} is here", "{nom} 在这里")) == ["placeholders differ"]


def test_plural_is_measured_by_its_placeholders():
    plural = ("one client", "%(count)d clients")
    assert complaints(message(plural, ("%(count)d 个客户",))) == []
    assert complaints(message(plural, ("客户",))) == ["placeholders differ"]
    assert complaints(message(plural, ("",))) == ["not translated"]


def test_messages_are_found_in_code_and_templates(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    for name, text in {
        "crm/views.py": '_("Saved.")\nngettext("one", "many", 2)\npgettext("tab", "Projects")\n',
        "crm/migrations/0001.py": '_("Not said by anybody")\n',
        "templates/page.html": "{% load i18n %}\n  {% blocktranslate trimmed %}\n  Two\n  lines {% endblocktranslate %}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found: Catalog = i18n.extracted()
    said = {(entry.context, entry.id) for entry in found if entry.id}
    assert said == {(None, "Saved."), (None, ("one", "many")), ("tab", "Projects"), (None, "Two lines")}
