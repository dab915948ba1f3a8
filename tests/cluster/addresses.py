"""The cluster's addresses, all of the range that is set aside for benchmarks (RFC 2544).

No private network has it, so nothing collides, and nothing outside would answer.
"""

from typing import Final

NODE_NAME: Final = "outlay"
DOMAIN: Final = "cluster.local"

HOST: Final = "198.18.255.1"  # this machine, as the cluster sees it
NODE: Final = "198.18.255.2"  # the cluster's one node, as this machine sees it
WIRE: Final = 30  # the length of the prefix both share
PODS: Final = "198.18.0.0/24"
SERVICES: Final = "198.19.0.0/16"
API_SERVICE: Final = "198.19.0.1"
DNS_SERVICE: Final = "198.19.0.10"

INTERFACE: Final = "outlay0"  # this machine's end of the wire
API: Final = f"https://{NODE}:6443"
