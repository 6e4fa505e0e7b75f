import { concat, encodeBytes32String, keccak256, solidityPackedKeccak256, Wallet } from "ethers";
import type { Address, Hex } from "viem";
import { admissionsOf, buildCharter, type Charter, type CharterInput } from "../../src/deployment/charter.ts";
import { ACTS, domainOf, OFFICER_KINDS, SELF, type Domain } from "../../src/orders/index.ts";
import { addressOf, ethers, NEVER, renewSignBy } from "./chain.ts";
import { ascending, documentOf, nextSalt, officer, signaturesOf, signOrder, struct } from "./officers.ts";
import { DAY, OFFICERS, PARAMETERS, type OfficerName } from "./parameters.ts";

/** The first officers of the charter. */
const SEATS = OFFICERS.map(({ agency, name }) => ({ agency, signer: officer(name as OfficerName).address as Address }));

/** The charter of the tests' system before anything is changed in it. */
export function charterFor(
  system: CharterInput["contracts"] & Pick<CharterInput, "assets" | "signBy">,
  changes: Partial<CharterInput> = {},
): Charter {
  const { docket, disposal, register, vault, assets, signBy } = system;
  return buildCharter({
    parameters: PARAMETERS,
    seats: SEATS,
    contracts: { docket, disposal, register, vault },
    assets,
    verifiers: [],
    document: documentOf("charter"),
    signBy,
    ...changes,
  });
}

/** Signatures of the charter's seats, in their order. */
export async function signCharter(charter: Charter, domain: Domain): Promise<Hex[]> {
  const wallets = new Map(
    OFFICERS.map(({ name }) => officer(name as OfficerName)).map((wallet) => [wallet.address.toLowerCase(), wallet]),
  );
  return Promise.all(
    admissionsOf(charter).map((admission) => {
      const wallet = wallets.get(admission.message.signer.toLowerCase());
      if (wallet === undefined) throw new Error(`no test officer has the key ${admission.message.signer}`);
      return signOrder(wallet, domain, admission);
    }),
  );
}

/** Least officers per agency, by its index; `SELF` has the index 15. */
export type Digits = Readonly<Record<number, number>>;

/** Officers per agency in one word, one hex digit each. */
export const tally = (digits: Digits): bigint =>
  Object.entries(digits).reduce((sum, [agency, count]) => sum + (BigInt(count) << BigInt(4 * Number(agency))), 0n);

export const officersOf = (digits: Digits): Hex => `0x${tally(digits).toString(16).padStart(16, "0")}`;

export const ruleOf = (digits: Digits, changes: { delay?: number; grace?: number; term?: number } = {}) => ({
  officers: officersOf(digits),
  delay: 0,
  grace: 0,
  term: 0,
  ...changes,
});

/** A rule as the contract keeps it. */
export const packed = ({ officers, delay, grace, term }: Charter["rules"][number]["alternatives"][number]): bigint =>
  BigInt(officers) + (BigInt(delay) << 64n) + (BigInt(grace) << 96n) + (BigInt(term) << 128n);

const DAYS = Number(DAY);

/** Rules of the acts that no charter may leave without one: by the court, with the prosecutor where there is a delay. */
export const LEAST_RULES: Charter["rules"] = [
  { act: ACTS.Lift, alternatives: [ruleOf({ 0: 1 })] },
  { act: ACTS.LiftArrested, alternatives: [ruleOf({ 0: 2 })] },
  { act: ACTS.Return, alternatives: [ruleOf({ 0: 2 })] },
  {
    act: ACTS.Admit,
    alternatives: [
      ruleOf({ 0: 1, [SELF]: 1 }, { delay: 2 * DAYS, grace: DAYS }),
      ruleOf({ 0: 2 }, { delay: 14 * DAYS, grace: DAYS }),
      ruleOf({ 1: 2 }, { delay: 14 * DAYS, grace: DAYS }),
    ],
  },
  {
    act: ACTS.Dismiss,
    alternatives: [ruleOf({ [SELF]: 2 }), ruleOf({ 0: 1, 1: 1 }), ruleOf({ 0: 2 }), ruleOf({ 1: 2 })],
  },
  { act: ACTS.Configure, alternatives: [ruleOf({ 0: 2, 1: 2 }, { delay: 14 * DAYS, grace: DAYS })] },
];

/** The key of the n-th officer of an agency, both from 0. */
const keyOf = (agency: number, n: number) =>
  new Wallet(solidityPackedKeccak256(["string", "uint256", "uint256"], ["officer", agency, n]));

/**
 * A Quorum under a charter of its own: agency i has `seats[i]` keys; agency 0 is the court, agency 1 the prosecutor. Its
 * docket and its disposal are a mock that passes calls of `use` on.
 */
export async function deployQuorum(seats: readonly number[], rules: Charter["rules"]) {
  await renewSignBy();
  const quorum = await ethers.deployContract("Quorum");
  const system = await ethers.deployContract("OrderUser", [quorum]);
  const [address, verifyingContract] = await Promise.all([system.getAddress(), quorum.getAddress()]);
  const domain = domainOf(31337, verifyingContract as Address);
  const officers = seats.map((count, agency) => Array.from({ length: count }, (_, n) => keyOf(agency, n)));
  const charter: Charter = {
    document: documentOf("charter"),
    signBy: NEVER,
    agencies: seats.map((_, agency) => encodeBytes32String(`AGENCY-${agency}`) as Hex),
    court: 0,
    prosecutor: 1,
    seats: officers.flatMap((keys, agency) =>
      keys.map((key) => ({ agency, kind: OFFICER_KINDS.key, signer: addressOf(key) })),
    ),
    verifiers: [],
    rules: [...rules, ...LEAST_RULES.filter(({ act }) => rules.every((given) => given.act !== act))],
    contracts: {
      docket: address as Address,
      disposal: address as Address,
      register: address as Address,
      vault: address as Address,
    },
    assets: [],
    numbers: { freezesPerDay: 1, cooling: 40 * DAYS, longestArrest: 730 * DAYS },
  };
  const admissions = admissionsOf(charter);
  const signatures = await Promise.all(officers.flat().map((key, i) => signOrder(key, domain, admissions[i]!)));
  await quorum.install(struct(charter), signatures);
  const separator = await quorum.domainSeparator();

  /** The digest of an order whose struct hash is given. */
  const digestOf = (structHash: string): Hex => keccak256(concat(["0x1901", separator, structHash])) as Hex;

  /** What `use` takes for an order that the given officers approve; by default about no agency. */
  const call = (by: readonly Wallet[], given: Partial<Use> = {}) => {
    const { act, about, structHash, signBy, entry }: Use = {
      act: 1,
      about: SELF,
      structHash: nextSalt(),
      signBy: NEVER,
      entry: 9,
      ...given,
    };
    const digest = digestOf(structHash);
    const keys = given.keys ?? signaturesOf(digest, ascending(by));
    const args: UseArguments = [act, about, structHash, signBy, entry, { keys, others: [] }];
    return { digest, structHash, args };
  };
  return { quorum, system, domain, officers, digestOf, call };
}

interface Use {
  act: number;
  about: number;
  structHash: string;
  signBy: bigint;
  entry: number;
  /** Instead of the signatures of the officers. */
  keys?: string;
}

type UseArguments = [
  act: number,
  about: number,
  structHash: string,
  signBy: bigint,
  entry: number,
  approvals: { keys: string; others: [] },
];
