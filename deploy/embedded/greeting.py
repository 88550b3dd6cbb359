"""What a person is told once the system runs with the sandbox."""

from deploy.embedded.demo import EMAIL, PASSWORD

BANNER = """
  Goodsout is running.

    Portal     {portal}/
    Log-in     {email}   {password}
    Sandbox    {sandbox}/   both vendors, simulated
    Mailbox    {sandbox}/mail   every mail that the portal sends
    Receivers  {sandbox}/receivers   what a webhook and a chat are told

  A sales order appears now and then; some seconds later the warehouse ships it.
  {ending}
"""


def greeting(*, portal: str, sandbox: str, ending: str) -> str:
    """Say where to look and how to log in; `ending` tells how it is stopped."""
    return BANNER.format(
        portal=portal, sandbox=sandbox, email=EMAIL, password=PASSWORD, ending=ending
    )
