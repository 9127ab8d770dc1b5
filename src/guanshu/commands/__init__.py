"""The commands of `guanshu`, one module each: NAME, HELP, `add_arguments(parser)` and `run(arguments) -> exit status`.

A module imports Django (through `commands.setup`) only inside `run`, so that commands without a database start at once
and work where no database is configured.
"""
