import { Wallet, type ContractTransactionResponse } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, digestOf, OFFICER_KINDS, type ActName, type Order } from "../../src/orders/index.ts";
import type { ruleOf } from "./charters.ts";
import { ascending, idOf } from "./charters.ts";
import {
  approvalsOf,
  DAY,
  DOCUMENT,
  inTime,
  networkHelpers,
  nextSalt,
  NO_APPROVALS,
  now,
  officer,
  signOrder,
  struct,
  type Decider,
  type OfficerName,
  type System,
} from "./fixture.ts";

export const AGENCY = { FMA: 0, KNB: 1, GPO: 2, COURT: 3, NBK: 4, MOF: 5, AFSA: 6, AUDIT: 7 } as const;
export type AgencyName = keyof typeof AGENCY;

/** Who decides each of these acts by its first alternative, where that names nobody of the order's own agency. */
export const CONFIGURERS: OfficerName[] = ["COURT-1", "COURT-2", "GPO-1", "FMA-1", "NBK-1", "MOF-1"];

/** How far ahead the last second of a dismissal may lie, in seconds. */
const DISMISS_TERM = 7n * DAY;

type Rules = ReturnType<typeof ruleOf>[];
type Sent = Promise<ContractTransactionResponse>;
type Approvals = typeof NO_APPROVALS | Awaited<ReturnType<typeof approvalsOf>>;

interface Base {
  document?: Hex;
  signBy?: bigint;
  salt?: Hex;
}

/** An order under way: its digest, the ids of those who approved it, and what sends and, when delayed, executes it. */
interface Deed {
  digest: Hex;
  ids: Hex[];
  send: () => Sent;
}
interface DelayedDeed extends Deed {
  order: Order;
  /** By default with the ids of those who approved. */
  execute: (ids?: readonly Hex[], further?: Approvals) => Sent;
}

/** Ids of officers as an entry tells them. */
export const idsOf = (by: readonly Decider[]): Hex[] =>
  ascending(by.map((who) => (typeof who === "string" ? new Wallet(officer(who).privateKey) : who))).map(idOf);

/** The change of officers, rules and treasuries in one system, by default or given officers. */
export function changesOf({ domain, quorum, disposal }: System) {
  const base = async ({ document = DOCUMENT, signBy, salt = nextSalt() }: Base) => {
    return { document, signBy: signBy ?? (await inTime()), salt };
  };
  const deed = async (order: Order, by: readonly OfficerName[]) => ({
    digest: digestOf(order, domain),
    ids: idsOf(by),
    approvals: await approvalsOf(domain, order, by),
  });
  return {
    /** By the candidate's agency, the prosecutor and the court. */
    admit: async (
      agency: AgencyName,
      candidate: Wallet,
      by: readonly OfficerName[],
      { consent, ...rest }: Base & { consent?: Hex } = {},
    ): Promise<DelayedDeed> => {
      const message = {
        ...(await base(rest)),
        ...{ agency: AGENCY[agency], kind: OFFICER_KINDS.key, signer: candidate.address as Hex },
      };
      const order: Order<"Admit"> = { primaryType: "Admit", message };
      const { approvals, digest, ids } = await deed(order, by);
      const signature = consent ?? (await signOrder(candidate, domain, order));
      return {
        ...{ order, digest, ids },
        send: () => quorum.admit(message, approvals, signature),
        execute: (given = ids, further = NO_APPROVALS) => quorum.executeAdmit(message, [...given], further),
      };
    },
    dismiss: async (
      officerId: Hex,
      by: readonly OfficerName[],
      { compromised = false, ...rest }: Base & { compromised?: boolean } = {},
    ): Promise<Deed> => {
      const message = { ...(await base({ signBy: (await now()) + DISMISS_TERM, ...rest })), officerId, compromised };
      const { approvals, digest, ids } = await deed({ primaryType: "Dismiss", message }, by);
      return { digest, ids, send: () => quorum.dismiss(message, approvals) };
    },
    configure: async (
      act: ActName | number,
      rules: Rules,
      { by = CONFIGURERS, ...rest }: Base & { by?: readonly OfficerName[] } = {},
    ): Promise<DelayedDeed> => {
      const message = { ...(await base(rest)), act: typeof act === "number" ? act : ACTS[act], rules };
      const order: Order<"Configure"> = { primaryType: "Configure", message };
      const { approvals, digest, ids } = await deed(order, by);
      return {
        ...{ order, digest, ids },
        send: () => quorum.configure(struct(message), approvals),
        execute: (given = ids, further = NO_APPROVALS) => quorum.executeConfigure(struct(message), [...given], further),
      };
    },
    setTreasury: async (
      asset: Address,
      treasury: string,
      { by = CONFIGURERS, ...rest }: Base & { by?: readonly OfficerName[] } = {},
    ): Promise<DelayedDeed> => {
      const message = { ...(await base(rest)), asset, treasury: treasury as Address };
      const order: Order<"SetTreasury"> = { primaryType: "SetTreasury", message };
      const { approvals, digest, ids } = await deed(order, by);
      return {
        ...{ order, digest, ids },
        send: () => disposal.setTreasury(message, approvals),
        execute: (given = ids, further = NO_APPROVALS) => disposal.executeSetTreasury(message, [...given], further),
      };
    },
    veto: async (order: Hex, by: readonly OfficerName[], given: Base = {}): Promise<Deed> => {
      const message = { ...(await base(given)), order };
      const { approvals, digest, ids } = await deed({ primaryType: "Veto", message }, by);
      return { digest, ids, send: () => quorum.veto(message, approvals) };
    },
    stay: async (order: Hex, until: bigint, by: readonly OfficerName[], given: Base = {}): Promise<Deed> => {
      const message = { ...(await base(given)), order, until };
      const { approvals, digest, ids } = await deed({ primaryType: "Stay", message }, by);
      return { digest, ids, send: () => quorum.stay(message, approvals) };
    },
  };
}

/** Mines what is sent at a second. */
export async function atSecond<T>(second: bigint, send: () => Promise<T>): Promise<T> {
  await networkHelpers.time.setNextBlockTimestamp(second);
  return send();
}
