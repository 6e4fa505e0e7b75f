import { once } from "node:events";
import { createServer } from "node:net";
import { randomInt } from "node:crypto";

/**
 * A port for a program that listens later. Not one of those that the system hands out itself: until the program listens, any
 * connection of any other test could be given it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_240, 32_000);
    const server = createServer();
    const listens = once(server, "listening").then(
      () => true,
      () => false,
    );
    server.listen(port, "127.0.0.1");
    if (!(await listens)) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
