"""`python -m cluster up | down | run COMMAND... | kubeconfig | tool NAME | image NAME FOLDER [KEY=VALUE...]`."""

import argparse
import signal
import subprocess
import sys
from pathlib import Path

from cluster import Cluster, Failed


def main() -> None:
    wanted = _arguments().parse_args()
    cluster = Cluster()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped"))  # so that `with` stops it, too
    try:
        match wanted.command:
            case "up":
                cluster.way.up()
                print(f"export KUBECONFIG={cluster.kubeconfig}")
            case "down":
                cluster.way.down()
            case "run":
                with cluster:
                    sys.exit(subprocess.call(wanted.words))
            case "kubeconfig":
                print(cluster.kubeconfig)
            case "tool":
                print(cluster.tool(wanted.name))
            case "image":
                given = dict(each.split("=", 1) for each in wanted.argument)
                cluster.build_image(wanted.name, wanted.folder, given, target=wanted.target)
    except Failed as failed:
        sys.exit(str(failed))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cluster", description="A cluster for tests")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start it, and print how to reach it")
    commands.add_parser("down", help="stop it; nothing of it stays but its cache")
    during = commands.add_parser("run", help="run a command with it, and stop what was started")
    during.add_argument("words", nargs=argparse.REMAINDER, help="the command")
    commands.add_parser("kubeconfig", help="print where its kubeconfig lies")
    tool = commands.add_parser("tool", help="print the path of a program, built if need be")
    tool.add_argument("name", help="such as helm, kubectl, promtool, kubeconform, k6")
    image = commands.add_parser("image", help="build a Dockerfile and load it")
    image.add_argument("name", help="such as localhost/outlay:dev")
    image.add_argument("folder", type=Path)
    image.add_argument("argument", nargs="*", help="build arguments: KEY=VALUE")
    image.add_argument("--target", default="", help="the stage to build")
    return parser


if __name__ == "__main__":
    main()
