"""The style sheet that pages load holds what they ask for, and little else."""

from tests.trimmed_tabler import TRIMMED, WHOLE, trimmed, words


def test_the_trimmed_sheet_is_what_the_templates_ask_for() -> None:
    assert TRIMMED.read_text() == trimmed(WHOLE.read_text(), words()), (
        "a template was changed: run `python -m tests.trimmed_tabler`"
    )


def test_a_rule_stays_where_all_its_classes_are_known() -> None:
    css = (
        "/*! licence */:root{--used:1px;--by-used:var(--used);--left:2px}"
        ".btn,.nav .btn{margin:var(--by-used)}.nav{color:red}a:not(.nav){color:blue}"
        "@media print{.nav{top:0}}@media screen{.btn{animation:turn 1s}}"
        "@keyframes turn{to{top:0}}@keyframes jump{to{top:1px}}"
    )

    assert trimmed(css, frozenset({"btn"})) == (
        "/*! licence */\n:root{--used:1px;--by-used:var(--used)}"
        ".btn{margin:var(--by-used)}a:not(.nav){color:blue}"
        "@media screen{.btn{animation:turn 1s}}@keyframes turn{to{top:0}}"
    )


def test_classes_that_a_template_puts_together_stay() -> None:
    assert ".btn-red" in trimmed("/*!*/.btn-red{top:0}.card{top:0}", frozenset({"btn-"}))
