import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { METHODS } from "../../../../src/tracing/methods.ts";
import { FastPass } from "../../../../src/tracing/engine/fast.ts";
import { Checkpoints } from "../../../../src/tracing/engine/checkpoints.ts";
import { trace, type Opening } from "../../../../src/tracing/trace.ts";
import type { Transfers } from "../../../../src/tracing/transfers/transfers.ts";
import { randomFrom } from "../../orders/random.ts";
import type { Step } from "./oracle.ts";
import { account, numbersOf, plainOf, seedsOf, transfersOf, worldOf } from "./world.ts";

const ROWS = 16;

describe("tracing: going on from a checkpoint", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(function () {
    folder = mkdtempSync(path.join(tmpdir(), "sequester-checkpoints-"));
  });
  afterEach(function () {
    rmSync(folder, { recursive: true });
  });

  const inputOf = (
    steps: readonly Step[],
    stops: ReadonlySet<string>,
    openings: ReadonlyMap<number, bigint> = new Map(),
  ) => {
    const transfers = transfersOf(steps);
    const seeds = new Map(seedsOf(steps).map(({ row, amount }) => [row, amount]));
    return { transfers, seeds, stops: numbersOf(transfers, stops), openings, methods: METHODS };
  };
  const passOf = (input: ReturnType<typeof inputOf>) => FastPass.of(input) as FastPass;
  const foundBy = (transfers: Transfers, pass: FastPass) => {
    const { balanceOf, methods } = pass.found();
    const balances = Array.from({ length: transfers.accounts.size }, (_, account) => balanceOf(account));
    return { balances, methods: methods.map((one) => plainOf(transfers, one)) };
  };
  const wholeOf = (input: ReturnType<typeof inputOf>) => {
    const pass = passOf(input);
    pass.advance(input.transfers.count);
    return foundBy(input.transfers, pass);
  };

  it("finds the same wherever it was killed before", function () {
    const random = randomFrom("killed");
    for (let run = 0; run < 10; run++) {
      const { steps, stops } = worldOf(random, { steps: 100, accounts: 7, bits: 40 });
      const input = inputOf(steps, stops);
      const killed = 1 + random.below(steps.length);
      // A killed pass leaves its states, and perhaps a file that is not finished.
      new Checkpoints(folder, input, ROWS).advance(passOf(input), killed);
      writeFileSync(path.join(folder, "000000000099.checkpoint.part"), "half");
      const pass = passOf(input);
      new Checkpoints(folder, input, ROWS).advance(pass, steps.length);
      expect(foundBy(input.transfers, pass)).to.deep.equal(wholeOf(input));
    }
  });

  it("does not start over when transfers were added: only they are taken", function () {
    const { steps, stops } = worldOf(randomFrom("grown"), { steps: 100, accounts: 7, bits: 40 });
    const before = inputOf(steps.slice(0, 90), stops);
    new Checkpoints(folder, before, ROWS).advance(passOf(before), 90);
    const input = inputOf(steps, stops);
    const pass = passOf(input);
    const starts: number[] = [];
    const advance = pass.advance.bind(pass);
    pass.advance = (end) => {
      if (pass.row < end) starts.push(pass.row);
      return advance(end);
    };
    new Checkpoints(folder, input, ROWS).advance(pass, 100);
    expect(starts).to.deep.equal([90, 96]);
    expect(foundBy(input.transfers, pass)).to.deep.equal(wholeOf(input));
  });

  it("starts where nothing differs when rows, seeds or stops are others than they were", function () {
    const random = randomFrom("changed");
    for (let run = 0; run < 30; run++) {
      const { steps, stops } = worldOf(random, { steps: 100, accounts: 7, bits: 40 });
      const before = inputOf(steps, stops);
      new Checkpoints(folder, before, ROWS).advance(passOf(before), 100);
      const row = random.below(100);
      const changed = steps.map((step, i): Step => {
        if (i !== row) return step;
        const { seed, ...rest } = step;
        return seed === undefined ? { ...rest, seed: step.value } : { ...rest };
      });
      const others = random.below(2) === 0 ? stops : new Set([...stops, steps[50]!.from]);
      const input = inputOf(changed, others);
      const pass = passOf(input);
      new Checkpoints(folder, input, ROWS).advance(pass, 100);
      expect(foundBy(input.transfers, pass)).to.deep.equal(wholeOf(input));
    }
  });

  it("takes openings that grew into account: for those who were never tainted, or from the beginning", function () {
    const random = randomFrom("opened");
    let resumed = 0;
    for (let run = 0; run < 40; run++) {
      // Rows without the mints that would pay for them: openings are assumed.
      const { steps, stops } = worldOf(random, { steps: 120, accounts: 12, bits: 30 });
      const orphans = steps.filter(({ from }) => !/^0x0+$/.test(from));
      const found = (list: readonly Step[], place?: string) => {
        const transfers = transfersOf(list);
        const opening: Opening = "clean";
        const input = {
          transfers,
          seeds: seedsOf(list),
          stops: numbersOf(transfers, stops),
          opening,
          methods: METHODS,
        };
        const { assumed, methods } = trace(input, place);
        return { assumed: [...assumed], methods: methods.map((one) => plainOf(transfers, one)) };
      };
      found(orphans.slice(0, 60), folder);
      resumed += readdirSync(folder).length;
      expect(found(orphans, folder)).to.deep.equal(found(orphans));
    }
    expect(resumed).to.be.greaterThan(0);
  });

  it("finds the openings where no row counts", function () {
    const transfers = transfersOf([{ from: account(1), to: account(2), value: 5n }]);
    const [number] = numbersOf(transfers, [account(1)]);
    const opening = new Map([[number as number, 9n]]);
    const input = { transfers, seeds: [], stops: new Set<number>(), opening, methods: METHODS };
    for (const at of [99, 100, 99]) {
      expect(trace({ ...input, at }, folder).balanceOf(number as number)).to.equal(at < 100 ? 9n : 4n);
      expect(trace({ ...input, at }).balanceOf(number as number)).to.equal(at < 100 ? 9n : 4n);
    }
  });

  it("does not believe a state that was cut or changed", function () {
    const { steps, stops } = worldOf(randomFrom("spoilt"), { steps: 64, accounts: 7, bits: 40 });
    const input = inputOf(steps, stops);
    new Checkpoints(folder, input, ROWS).advance(passOf(input), 64);
    const [first, second, third] = readdirSync(folder).map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    truncateSync(first, 100);
    const bytes = readFileSync(second);
    bytes[bytes.length - 60]! ^= 1;
    writeFileSync(second, bytes);
    writeFileSync(third, "");
    const pass = passOf(input);
    new Checkpoints(folder, input, ROWS).advance(pass, 64);
    expect(foundBy(input.transfers, pass)).to.deep.equal(wholeOf(input));
  });
});
