"""Posts deliveries as fast as the door takes them, from a process of its own.

`python -m bench.generator PORT PATH PER_POST CONNECTIONS SECRET < bodies` reads bodies, each
after its length in four bytes, posts them over keep-alive connections and prints JSON: how many
were posted, the seconds it took, and the latency percentiles in ms.
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections import deque


async def main() -> None:
    """Read bodies, post them, print what was measured."""
    port, path, per_post, connections, secret = sys.argv[1:6]
    data, bodies, at = sys.stdin.buffer.read(), deque[bytes](), 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        bodies.append(request(path, data[at + 4 : at + 4 + size], secret.encode()))
        at += 4 + size
    total, latencies = len(bodies), []
    start = time.perf_counter()
    await asyncio.gather(*(send(int(port), bodies, latencies) for _ in range(int(connections))))
    seconds = time.perf_counter() - start
    latencies.sort()
    places = {f"p{p}": min(total - 1, total * p // 100) for p in (50, 95, 99)}
    percentiles = {name: round(1000 * latencies[place], 2) for name, place in places.items()}
    print(json.dumps({"posts": total, "messages": total * int(per_post), "seconds": seconds, **percentiles}))


def request(path: str, body: bytes, secret: bytes) -> bytes:
    """The bytes of one signed POST."""
    signature = hmac.digest(secret, body, hashlib.sha256).hex()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: door\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nx-hub-signature-256: sha256={signature}\r\n\r\n"
    )
    return head.encode() + body


async def send(port: int, bodies: "deque[bytes]", latencies: list[float]) -> None:
    """Post from the shared queue until it is empty; anything but 200 ends the run."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while bodies:
        body = bodies.popleft()
        start = time.perf_counter()
        writer.write(body)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"the door answered {head[:40]!r}")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        latencies.append(time.perf_counter() - start)
    writer.close()


if __name__ == "__main__":
    asyncio.run(main())
