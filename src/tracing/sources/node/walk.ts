import { EXIT, SequesterError } from "../../../base/errors.ts";
import type { TransferRow } from "../../transfers/row.ts";
import type { Endpoint } from "../../../chain/rpc.ts";
import { readSegment, type LeftOut, type ReadSegment, type Segment, type Subject } from "./segment.ts";
import { countOf } from "../../../base/words.ts";

/** What the first segment names as the one before it. */
export const NO_SEGMENT = "0".repeat(64);

/** Two nodes tell different histories. Exit code 3. */
export class EndpointsDisagreeError extends SequesterError {
  override name = "EndpointsDisagreeError";
  readonly segments: readonly Segment[];
  constructor(endpoints: readonly Endpoint[], read: readonly ReadSegment[]) {
    const { first, last } = read[0]!.segment;
    super(`The nodes disagree about the blocks ${first} to ${last}.`, {
      code: EXIT.verification,
      metaMessages: [
        ...read.map(({ segment }, i) => {
          const { transfers, lastHash, sha256 } = segment;
          return `${endpoints[i]!.name} has: ${countOf(transfers, "transfer")}, last block ${lastHash}, segment ${sha256}`;
        }),
        `the first difference: ${firstDifference(read[0]!.rows, read.find((it) => differs(it, read[0]!))!.rows)}`,
        "needs: the same of each",
      ],
    });
    this.segments = read.map(({ segment }) => segment);
  }
}

/** Reads one segment after another from all nodes. The next one begins only when the last one is whole and agreed. */
export class SegmentWalk {
  /** The first block that was not read. */
  next: number;
  readonly segments: Segment[] = [];
  transfers = 0;
  repaired = 0;
  leftOut: LeftOut = { ForeignEmitter: 0, ForeignEvent: 0, ForeignShape: 0 };
  readonly #endpoints: readonly Endpoint[];
  readonly #subject: Subject;

  constructor(endpoints: readonly Endpoint[], subject: Subject, first: number) {
    this.#endpoints = endpoints;
    this.#subject = subject;
    this.next = first;
  }

  /** Reads on, up to block `last`. @throws EndpointsDisagreeError */
  async readTo(last: number): Promise<ReadSegment> {
    const before = this.segments.at(-1);
    const range = { first: this.next, last, parent: before?.lastHash, previous: before?.sha256 ?? NO_SEGMENT };
    const read = await Promise.all(this.#endpoints.map((endpoint) => readSegment(endpoint, this.#subject, range)));
    if (read.some((it) => differs(it, read[0]!))) throw new EndpointsDisagreeError(this.#endpoints, read);
    const { segment, leftOut } = read[0]!;
    this.segments.push(segment);
    this.transfers += segment.transfers;
    this.repaired += read.reduce((sum, { repaired }) => sum + repaired, 0);
    this.leftOut = {
      ForeignEmitter: this.leftOut.ForeignEmitter + leftOut.ForeignEmitter,
      ForeignEvent: this.leftOut.ForeignEvent + leftOut.ForeignEvent,
      ForeignShape: this.leftOut.ForeignShape + leftOut.ForeignShape,
    };
    this.next = last + 1;
    return read[0]!;
  }
}

const differs = (a: ReadSegment, b: ReadSegment): boolean => a.segment.sha256 !== b.segment.sha256;

function firstDifference(a: readonly TransferRow[], b: readonly TransferRow[]): string {
  const text = (row: TransferRow | undefined) =>
    row === undefined ? "none" : `${row.from} to ${row.to}, ${countOf(row.value, "base unit")}`;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    const same =
      one?.block === other?.block &&
      one?.logIndex === other?.logIndex &&
      one?.hash === other?.hash &&
      text(one) === text(other);
    if (!same) {
      const { block, logIndex } = (one ?? other)!;
      return `block ${block}, log ${logIndex}: ${text(one)}; ${text(other)}`;
    }
  }
  return "in the blocks' hashes or times";
}
