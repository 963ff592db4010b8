"""The asyncio side of `benchmarks/run asyncio`: the same programs as AsyncTree.java.

usage: async_tree.py WORKLOAD JOIN EAGER TIMES - prints the milliseconds of each time.
"""

import asyncio
import math
import random
import sys
import time

WIDTH = 6
DEPTH = 6
SLEEP = 0.05


class Tree:
    def __init__(self, leaf, join):
        self.leaf = getattr(self, leaf)
        self.recurse = getattr(self, join)
        self.random = random.Random(0)
        self.memo = set()

    async def none(self):
        pass

    async def io(self):
        await asyncio.sleep(SLEEP)

    async def memoization(self):
        key = self.random.randint(1, 100)
        if key <= 90:
            if key in self.memo:
                return
            self.memo.add(key)
        await asyncio.sleep(SLEEP)

    async def cpu_io_mixed(self):
        if self.random.random() < 0.5:
            math.factorial(500)
        else:
            await asyncio.sleep(SLEEP)

    async def gather(self, depth):
        if depth == 0:
            return await self.leaf()
        await asyncio.gather(*[self.gather(depth - 1) for _ in range(WIDTH)])

    async def task_group(self, depth):
        if depth == 0:
            return await self.leaf()
        async with asyncio.TaskGroup() as group:
            for _ in range(WIDTH):
                group.create_task(self.task_group(depth - 1))


async def fib(n):
    return n if n < 2 else await fib(n - 1) + await fib(n - 2)


async def program(workload, join, eager):
    if eager:
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    if workload == "fib":
        assert await fib(25) == 75025
    else:
        await Tree(workload, join).recurse(DEPTH)


def main(workload, join, eager, times):
    for _ in range(int(times)):
        wall, cpu = time.perf_counter(), time.process_time()
        asyncio.run(program(workload, join, eager == "true"))
        print(f"{(time.perf_counter() - wall) * 1e3:.3f} {(time.process_time() - cpu) * 1e3:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
