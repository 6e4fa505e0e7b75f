import { isAddress } from "viem";
import { EXIT, SequesterError } from "../../src/base/errors.ts";
import { Accounts, ZERO } from "./accounts.ts";
import { Draw } from "./draw.ts";
import type { Pattern, Step } from "./step.ts";
import { LEAST_HOPS, planTheft, type Victim } from "./theft.ts";
import { Traffic } from "./traffic.ts";
import { ZERO_ADDRESS, type TransferRow } from "../../src/tracing/transfers/row.ts";
import { countOf } from "../../src/base/words.ts";

/** A theft whose endings are decided beforehand. */
export interface PlannedTheft {
  /**
   * Where the stolen money ends, and exactly how much of it in base units; stolen is their sum. Such an account gets
   * nothing else and sends nothing, so that every method finds this amount there, unless it is a service.
   */
  readonly endings: readonly { readonly account: string; readonly amount: bigint }[];
}

/** A service at which a trace stops, in the columns of a list of stops. */
export interface GeneratedStop {
  readonly address: string;
  readonly label: string;
  readonly kind: string;
  readonly source: string;
  readonly date: string;
}

export interface GenerateOptions {
  /** Transfers, exactly so many. */
  readonly events: number;
  /** Wallets of ordinary people. Accounts of thieves, poisoners, services and endings come on top. */
  readonly wallets: number;
  /** The same text gives the same transfers. */
  readonly seed: string;
  /** Decimals of the asset; 6 unless told. */
  readonly decimals?: number;
  /** Services, or how many of them; 6 unless told. */
  readonly services?: number | readonly GeneratedStop[];
  /** Thefts, or how many with endings drawn by chance; one for each 20,000 transfers unless told, and no less than one. */
  readonly thefts?: number | readonly PlannedTheft[];
  /** Transfers from a victim to an ending, at most; 12 unless told. */
  readonly hops?: number;
  /** Number of the first block; 18,000,000 unless told. */
  readonly firstBlock?: number;
  /** Unix seconds of the first block. */
  readonly firstTime?: number;
}

/** A transfer, and what it is part of. */
export interface GeneratedTransfer extends TransferRow {
  readonly hash: string;
  readonly time: number;
  readonly pattern: Pattern;
}

/** A stolen transfer, in the columns of a list of seeds. */
export interface GeneratedSeed {
  readonly transaction_hash: string;
  readonly log_index: number;
  /** Base units. */
  readonly amount: string;
}

export interface Generated {
  /** In order; to be read once. */
  readonly rows: Iterable<GeneratedTransfer>;
  readonly stops: readonly GeneratedStop[];
  /** Complete when the last row was read. */
  readonly seeds: readonly GeneratedSeed[];
}

/** Transfers that cannot be generated. Exit code 64. */
export class GeneratorRefusedError extends SequesterError {
  override name = "GeneratorRefusedError";
  constructor(what: string, has: string, needs: string) {
    super(`The transfers cannot be generated: ${what}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: ${needs}`],
    });
  }
}

const DEFAULTS = { decimals: 6, services: 6, hops: 12, firstBlock: 18_000_000, firstTime: 1_700_000_000 } as const;
const EVENTS_PER_THEFT = 20_000;
const SECONDS_PER_BLOCK = 12;
/** Transfers in a block at most. */
const MOST_PER_BLOCK = 80;
const LEAST_WALLETS = 10;
const MOST_WALLETS = 2 ** 31;
const MOST_EVENTS = 2 ** 32;
/** In a thousand, how often a thief is next, while one is at work. */
const THIEVES_TURN = 300;
/** No theft begins in the last part of the history: in a thousand. */
const LAST_START = 700;

/**
 * Transfers of one invented asset: wallets of which few are busy, services, mints, burns, dust, poisoning, and thefts whose
 * money bounces, is spread, put together and peeled. Nobody sends what it does not have. Same seed, same transfers.
 * @throws GeneratorRefusedError
 */
export function generateTransfers(options: GenerateOptions): Generated {
  const plan = planOf(options);
  const seeds: GeneratedSeed[] = [];
  return { rows: rowsOf(plan, seeds), stops: plan.stops, seeds };
}

interface Theft {
  readonly steps: readonly Step[];
  next: number;
}

interface Plan {
  readonly options: Required<Omit<GenerateOptions, "services" | "thefts">>;
  readonly accounts: Accounts;
  readonly stops: readonly GeneratedStop[];
  readonly services: readonly number[];
  /** Thefts whose steps are known; they begin one after another. */
  readonly planned: readonly Theft[];
  /** How many thefts are drawn on the way. */
  readonly drawn: number;
}

function planOf(given: GenerateOptions): Plan {
  const options = { ...DEFAULTS, ...given };
  const { events, wallets, seed, hops } = options;
  inRange("events", events, 1, MOST_EVENTS);
  inRange("wallets", wallets, LEAST_WALLETS, MOST_WALLETS);
  inRange("decimals", options.decimals, 0, 30);
  inRange("hops", hops, LEAST_HOPS, 1000);
  inRange("first block", options.firstBlock, 0, 2 ** 31);
  inRange("first time", options.firstTime, 0, 2 ** 40);
  const accounts = new Accounts(seed, wallets);
  const { stops, services } = servicesOf(options.services, accounts);
  const thefts = options.thefts ?? Math.max(1, Math.floor(events / EVENTS_PER_THEFT));
  if (typeof thefts === "number") inRange("thefts", thefts, 0, MOST_EVENTS);
  const planned = typeof thefts === "number" ? [] : plannedThefts(thefts, options, accounts);
  const needed = planned.reduce((sum, { steps }) => sum + steps.length, 0);
  if (needed > events) {
    throw new GeneratorRefusedError("the thefts do not fit", countOf(events, "transfer"), `${needed} or more`);
  }
  return { options, accounts, stops, services, planned, drawn: typeof thefts === "number" ? thefts : 0 };
}

function inRange(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new GeneratorRefusedError(
    `the number of ${what} cannot be`,
    String(value),
    `a whole number, ${least} to ${most}`,
  );
}

function servicesOf(given: number | readonly GeneratedStop[], accounts: Accounts) {
  if (typeof given === "number") inRange("services", given, 1, 1000);
  const stops =
    typeof given !== "number"
      ? given
      : Array.from({ length: given }, (_, i) => ({
          address: accounts.address(accounts.fresh()),
          label: `licensed platform ${i + 1}`,
          kind: "exchange",
          source: "generated",
          date: "2025-01-01",
        }));
  if (stops.length === 0) throw new GeneratorRefusedError("there is no service", "none", "one or more");
  return { stops, services: stops.map(({ address }) => namedAccount(accounts, address)) };
}

function namedAccount(accounts: Accounts, address: string): number {
  if (!isAddress(address, { strict: false }) || address === ZERO_ADDRESS) {
    throw new GeneratorRefusedError("an account is none", JSON.stringify(address), "an address that is not zero");
  }
  return accounts.named(address);
}

function plannedThefts(
  thefts: readonly PlannedTheft[],
  { seed, wallets, hops }: { seed: string; wallets: number; hops: number },
  accounts: Accounts,
): Theft[] {
  return thefts.map(({ endings }, i) => {
    const draw = new Draw(`${seed}/theft ${i}`);
    if (endings.length === 0) throw new GeneratorRefusedError(`theft ${i + 1} has no ending`, "none", "one or more");
    const ends = endings.map(({ account, amount }) => {
      if (amount <= 0n)
        throw new GeneratorRefusedError(`${account} ends theft ${i + 1}`, `${amount}`, "an amount above 0");
      return { account: namedAccount(accounts, account), amount };
    });
    const total = ends.reduce((sum, { amount }) => sum + amount, 0n);
    const robbed = total < 3n ? 1 : draw.between(1, 3);
    const victims = draw
      .split(total, robbed)
      .map((amount) => ({ account: 1 + draw.ranked(wallets), amount, lacks: amount }));
    return { steps: planTheft(victims, ends, hops, accounts, draw), next: 0 };
  });
}

function* rowsOf(plan: Plan, seeds: GeneratedSeed[]): Generator<GeneratedTransfer> {
  const { options, accounts, services } = plan;
  const draw = new Draw(`${options.seed}/rows`);
  const place = new Place(options, accounts, draw);
  const balances: (bigint | undefined)[] = [];
  const coin = 10n ** BigInt(options.decimals);
  const traffic = new Traffic(accounts, services, balances, { draw, coin, events: options.events });
  const thieves = new Thieves(plan, traffic, coin, draw);
  for (let event = 0; event < options.events; event++) {
    const { from, to, value, pattern } = thieves.next(event) ?? traffic.next();
    if (from !== ZERO) balances[from] = (balances[from] ?? 0n) - value;
    if (to !== ZERO) balances[to] = (balances[to] ?? 0n) + value;
    const row = place.of({ from, to, value, pattern });
    if (pattern === "theft") {
      seeds.push({ transaction_hash: row.hash, log_index: row.logIndex, amount: String(value) });
    }
    yield row;
  }
}

/** Gives each transfer its block, log index, transaction and time. */
class Place {
  readonly #first: { block: number; time: number };
  readonly #accounts: Accounts;
  readonly #draw: Draw;
  #block: number;
  #left = 0;
  #logIndex = 0;
  #transaction = 0;

  constructor({ firstBlock, firstTime }: Plan["options"], accounts: Accounts, draw: Draw) {
    this.#first = { block: firstBlock, time: firstTime };
    this.#block = firstBlock - 1;
    this.#accounts = accounts;
    this.#draw = draw;
  }

  of({ from, to, value, pattern }: Step): GeneratedTransfer {
    if (this.#left === 0) {
      this.#block += this.#draw.chance(200) ? 2 : 1;
      this.#left = this.#draw.between(1, MOST_PER_BLOCK);
      this.#logIndex = this.#draw.below(4);
      this.#transaction += 1;
    } else {
      this.#logIndex += this.#draw.between(1, 4);
      // Some transactions have several transfers.
      if (!this.#draw.chance(100)) this.#transaction += 1;
    }
    this.#left -= 1;
    return {
      block: this.#block,
      logIndex: this.#logIndex,
      hash: this.#accounts.hash(this.#transaction),
      time: this.#first.time + (this.#block - this.#first.block) * SECONDS_PER_BLOCK,
      from: this.#accounts.address(from),
      to: this.#accounts.address(to),
      value,
      pattern,
    };
  }
}

/** The thefts that are under way, a step at a time between what others do. */
class Thieves {
  readonly #plan: Plan;
  readonly #traffic: Traffic;
  readonly #coin: bigint;
  readonly #draw: Draw;
  readonly #active: Theft[] = [];
  readonly #count: number;
  /** The theft whose victims are being robbed. */
  #robbing: Theft | undefined;
  #begun = 0;
  /** Steps that must still come. */
  #owed: number;

  constructor(plan: Plan, traffic: Traffic, coin: bigint, draw: Draw) {
    this.#plan = plan;
    this.#traffic = traffic;
    this.#coin = coin;
    this.#draw = draw;
    this.#count = plan.planned.length + plan.drawn;
    this.#owed = plan.planned.reduce((sum, { steps }) => sum + steps.length, 0);
  }

  /** A thief's transfer, where it is a thief's turn. */
  next(event: number): Step | undefined {
    const { events } = this.#plan.options;
    const left = events - event;
    // A victim is robbed at once, before it can spend what is to be stolen.
    if (this.#robbing !== undefined) return this.#step(this.#robbing);
    const late = this.#owed >= left;
    const start = Math.floor((events * LAST_START * (this.#begun + 1)) / (1000 * (this.#count + 1)));
    if (this.#begun < this.#count && (event >= start || (late && this.#active.length === 0))) {
      this.#begin(left);
      if (this.#robbing !== undefined) return this.#step(this.#robbing);
    }
    if (this.#active.length === 0 || (!late && !this.#draw.chance(THIEVES_TURN))) return undefined;
    return this.#step(this.#draw.pick(this.#active));
  }

  #step(theft: Theft): Step {
    const step = theft.steps[theft.next++] as Step;
    this.#owed -= 1;
    const following = theft.steps[theft.next];
    this.#robbing = following !== undefined && isRobbery(following) ? theft : undefined;
    if (following === undefined) this.#active.splice(this.#active.indexOf(theft), 1);
    return step;
  }

  #begin(left: number): void {
    const planned = this.#plan.planned[this.#begun];
    this.#begun += 1;
    if (planned !== undefined) {
      this.#rob(planned);
      return;
    }
    const steps = this.#drawnTheft();
    if (steps.length > left - this.#owed) return;
    this.#owed += steps.length;
    this.#rob({ steps, next: 0 });
  }

  #rob(theft: Theft): void {
    this.#active.push(theft);
    this.#robbing = theft;
  }

  /** Of a rich wallet, to wallets that go on with their lives, to some that lie still, and to services. */
  #drawnTheft(): Step[] {
    const { accounts, services, options } = this.#plan;
    const draw = this.#draw;
    const least = 1_000n * this.#coin;
    const candidates = Array.from({ length: 8 }, () => this.#traffic.wallet());
    const account = candidates.reduce((a, b) => (this.#traffic.has(b) > this.#traffic.has(a) ? b : a));
    const has = this.#traffic.has(account);
    const part = has === 0n ? 0n : (has * BigInt(draw.between(500, 1000))) / 1000n;
    const amount = part > least ? part : least;
    const parts = draw.split(amount, draw.between(8, 24));
    const ends = parts.map((amount, i) => {
      if (i % 5 === 4) return { account: draw.pick(services), amount };
      return { account: i % 2 === 0 ? this.#traffic.wallet() : accounts.fresh(), amount };
    });
    const victim: Victim = { account, amount, lacks: amount > has ? amount - has : 0n };
    return planTheft([victim], ends, options.hops, accounts, draw);
  }
}

const isRobbery = ({ pattern }: Step): boolean => pattern === "mint" || pattern === "theft";
