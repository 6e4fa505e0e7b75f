import { EXIT, SequesterError } from "../../../base/errors.ts";
import { headerTagged, type Header } from "./headers.ts";
import type { Endpoint } from "../../../chain/rpc.ts";

/** A node does not know what is finalized. Exit code 5. */
export class NoFinalizedBlockError extends SequesterError {
  override name = "NoFinalizedBlockError";
  constructor(endpoint: string) {
    super(`The node at ${endpoint} knows no finalized block.`, {
      code: EXIT.node,
      metaMessages: ["has: no block with the tag finalized", "needs: one, since evidence comes from nothing else"],
    });
  }
}

/** A node calls less final than before: nothing that it says can be relied on. Exit code 5. */
export class FinalizedHeadWentBackError extends SequesterError {
  override name = "FinalizedHeadWentBackError";
  constructor(endpoint: string, has: number, needs: number) {
    super(`The finalized block of the node at ${endpoint} went back.`, {
      code: EXIT.node,
      metaMessages: [`has: block ${has}`, `needs: block ${needs} or later, which it called final before`],
    });
  }
}

/** A block that was final is another one now. Exit code 5. */
export class FinalizedBlockChangedError extends SequesterError {
  override name = "FinalizedBlockChangedError";
  constructor(endpoint: string, block: number, has: string, needs: string) {
    super(`The finalized block ${block} of the node at ${endpoint} is another one than before.`, {
      code: EXIT.node,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

/** What the nodes call final, which only ever grows. */
export class FinalizedHeads {
  readonly #endpoints: readonly Endpoint[];
  readonly #known: (Header | undefined)[] = [];

  constructor(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints;
  }

  /**
   * The last block that all nodes call final.
   * @throws NoFinalizedBlockError, FinalizedHeadWentBackError, FinalizedBlockChangedError
   */
  async common(): Promise<number> {
    const heads = await Promise.all(this.#endpoints.map(headOf));
    for (const [i, head] of heads.entries()) {
      const known = this.#known[i];
      if (known !== undefined) check(this.#endpoints[i]!.name, head, known);
      this.#known[i] = head;
    }
    return Math.min(...heads.map(({ number }) => number));
  }
}

async function headOf(endpoint: Endpoint): Promise<Header> {
  const header = await headerTagged(endpoint, "finalized");
  if (header === undefined) throw new NoFinalizedBlockError(endpoint.name);
  return header;
}

function check(name: string, { number, hash }: Header, known: Header): void {
  if (number < known.number) throw new FinalizedHeadWentBackError(name, number, known.number);
  if (number === known.number && hash !== known.hash)
    throw new FinalizedBlockChangedError(name, number, hash, known.hash);
}
