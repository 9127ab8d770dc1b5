"""From a questionnaire and its rules files to `Compiled`, or every problem."""

from collections.abc import Iterable, Mapping

from guanshu.survey.checks.allowed import Allowed
from guanshu.survey.checks.calculate import Steps
from guanshu.survey.checks.compiled import Bound, Check, Compiled
from guanshu.survey.checks.evaluate import Compiler
from guanshu.survey.checks.formulas import Formulas, Key, read_formulas
from guanshu.survey.checks.generated import CLASS, generated
from guanshu.survey.checks.instances import Instance, instances_of
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.names import Names
from guanshu.survey.checks.order import dependencies, sort
from guanshu.survey.checks.reach import unreachable
from guanshu.survey.checks.rulesfile import Rule, read_rules
from guanshu.survey.checks.sentence import Sentence
from guanshu.survey.checks.states import needs_of
from guanshu.survey.checks.templates import Template, read_template
from guanshu.survey.checks.units import Units
from guanshu.survey.definition.model import Questionnaire, Table
from guanshu.survey.definition.source import Problem


def compile_all(questionnaire: Questionnaire, rules_files: Mapping[str, str]) -> tuple[Compiled, list[Problem]]:
    """Return the compiled questionnaire and all problems, sorted by place. Raises nothing."""
    layout = Layout(questionnaire)
    labels = {cell.label: cell.name for cell in reversed(list(questionnaire.cells.values()))}
    names = Names(layout, Units(questionnaire.units), labels)
    formulas = read_formulas(names)
    problems = list(formulas.problems)
    checks = [*_generated(names, problems), *_named(names, rules_files, problems)]
    needs = dependencies(questionnaire, formulas)
    order, cycles = sort(questionnaire, formulas, needs)
    problems += cycles
    if problems:
        return Compiled(questionnaire, (), layout), sorted(set(problems))
    position = {table.number: index for index, table in enumerate(questionnaire.tables)}
    # sorted() is stable: within a table first the generated checks, then the named ones as written.
    checks.sort(key=lambda check: position[check.table])
    steps = Steps(layout, formulas)
    made = {key: step for key in order if (step := steps.of(key)) is not None}
    last = _closure((("cell", name, "") for name in layout.last), needs, formulas)
    return Compiled(
        questionnaire,
        tuple(checks),
        layout,
        tuple(made.values()),
        tuple((key[1], made[key]) for key in order if key in last and key in made),
        needs_of(layout, formulas),
        Allowed.of(layout, formulas),
    ), []


def _closure(start: Iterable[Key], needs: Mapping[Key, tuple[Key, ...]], formulas: Formulas) -> set[Key]:
    """Return the calculated cells that the start cells need, themselves included."""
    found: set[Key] = set()
    pending = list(start)
    seen: set[Key] = set()
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        if key in formulas.calc:
            found.add(key)
            pending.extend(needs[key])
    return found


def _generated(names: Names, problems: list[Problem]) -> list[Check]:
    checks = []
    for check_id, table, text, source, instance in generated(names, problems):
        scope = "每行" if instance.scope.in_rows else ""
        bound = _bind(instance, table, names, None, is_part=True)
        checks.append(Check(check_id, CLASS, table.number, scope, (), True, text, source, (bound,)))
    return checks


def _named(names: Names, rules_files: Mapping[str, str], problems: list[Problem]) -> list[Check]:
    checks: list[Check] = []
    seen: dict[str, Rule] = {}
    for file, text in sorted(rules_files.items()):
        number = file.rsplit("/", 1)[-1].removesuffix(".rules")
        table = names.questionnaire.by_number.get(number)
        if table is None:
            problems.append(Problem(file, 1, 1, f"没有编号为 {number} 的表", "文件名应是表的编号，例如 2-1.rules"))
            continue
        rules, found = read_rules(text, file)
        problems += found
        for rule in rules:
            if rule.id in seen:
                other = seen[rule.id].head
                message = f"编号 {rule.id} 重复，已用于 {other.file} 第 {other.place(0)[0]} 行"
                problems.append(rule.head.problem(0, message, "换一个编号"))
                continue
            seen[rule.id] = rule
            check = _check(rule, table, names, problems)
            if check is not None:
                checks.append(check)
    return checks


def _check(rule: Rule, table: Table, names: Names, problems: list[Problem]) -> Check | None:
    before = len(problems)
    instances = instances_of(rule, table, names, problems)
    if len(problems) > before:
        return None
    if all(unreachable(item.node) for item in instances):
        message, cure = unreachable(instances[0].node) or ("", "")
        problems.append(rule.expression.problem(0, message, cure))
        return None
    bound = []
    for instance in instances:
        template = read_template(rule.message, names, instance.scope, problems) if rule.message else None
        if len(problems) > before:
            return None
        bound.append(_bind(instance, table, names, template))
    keys = tuple(instance.key for instance in instances if instance.key)
    text = rule.expression.text
    return Check(rule.id, rule.cls, table.number, rule.scope, keys, False, text, rule.expression.source, tuple(bound))


def _bind(instance: Instance, table: Table, names: Names, template: Template | None, *, is_part: bool = False) -> Bound:
    run = Compiler(names.layout).run(instance.node)
    rows = names.layout.rows[table.name] if instance.scope.in_rows else None
    return Bound(instance, run, Sentence(instance, table, names.questionnaire, names.layout, template, is_part), rows)
