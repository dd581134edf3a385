"""``help``: the page of the whole program, or of one command."""

import click

from reportgen import commands
from reportgen.commands.usage import Options, command
from reportgen.problems import Exit


@command("help", "看说明", "reportgen help", "reportgen help build")
@click.argument("name", default="", metavar="命令", help="看哪个命令的说明；省略则看总的说明")
def help(options: Options) -> int:
    """Print a help page.

    Raises:
        click.UsageError: there is no such command.
    """
    top = click.get_current_context().find_root()
    if not options.name:
        click.echo(top.get_help())
        return Exit.OK
    name = options.name.replace("_", "-").lower()
    if name not in commands.names():
        raise click.exceptions.NoSuchCommand(options.name, possibilities=commands.names(), ctx=top)
    asked = commands.command(name)
    with type(asked).context_class(asked, info_name=name, parent=top, **asked.context_settings) as ctx:
        click.echo(ctx.get_help())
    return Exit.OK
