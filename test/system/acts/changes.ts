import type { Wallet } from "ethers";
import type { Address, Hex } from "viem";
import { ACTS, OFFICER_KINDS, type ActName, type Order } from "../../../src/orders/index.ts";
import { now, type Sent } from "../chain.ts";
import type { ruleOf } from "../charters.ts";
import type { Contracts } from "../deployed.ts";
import { NO_APPROVALS, signOrder, struct, type approvalsOf, type Decider } from "../officers.ts";
import { AGENCY, DECIDERS, LONGEST_DISMISS_SIGN_BY, type AgencyName } from "../parameters.ts";
import { decided, signed, type Given } from "./signed.ts";

type Rules = ReturnType<typeof ruleOf>[];
type Approvals = typeof NO_APPROVALS | Awaited<ReturnType<typeof approvalsOf>>;

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

/** The change of officers, rules and treasuries in one system, by default or given officers. */
export function changesIn({ domain, quorum, disposal }: Contracts) {
  return {
    /** By the candidate's agency, the prosecutor and the court. */
    admit: async (
      agency: AgencyName,
      candidate: Wallet,
      by: readonly Decider[],
      { consent, ...rest }: Given & { consent?: Hex } = {},
    ): Promise<DelayedDeed> => {
      const message = {
        ...(await signed(rest)),
        agency: AGENCY[agency],
        kind: OFFICER_KINDS.key,
        signer: candidate.address as Hex,
      };
      const order: Order<"Admit"> = { primaryType: "Admit", message };
      const { approvals, digest, ids } = await decided(domain, order, by);
      const signature = consent ?? (await signOrder(candidate, domain, order));
      return {
        order,
        digest,
        ids,
        send: () => quorum.admit(message, approvals, signature),
        execute: (given = ids, further = NO_APPROVALS) => quorum.executeAdmit(message, [...given], further),
      };
    },
    dismiss: async (
      officerId: Hex,
      by: readonly Decider[],
      { compromised = false, ...rest }: Given & { compromised?: boolean } = {},
    ): Promise<Deed> => {
      const message = {
        ...(await signed({ signBy: (await now()) + LONGEST_DISMISS_SIGN_BY, ...rest })),
        officerId,
        compromised,
      };
      const { approvals, digest, ids } = await decided(domain, { primaryType: "Dismiss", message }, by);
      return { digest, ids, send: () => quorum.dismiss(message, approvals) };
    },
    configure: async (
      act: ActName | number,
      rules: Rules,
      { by = DECIDERS.SetTreasury, ...rest }: Given & { by?: readonly Decider[] } = {},
    ): Promise<DelayedDeed> => {
      const message = { ...(await signed(rest)), act: typeof act === "number" ? act : ACTS[act], rules };
      const order: Order<"Configure"> = { primaryType: "Configure", message };
      const { approvals, digest, ids } = await decided(domain, order, by);
      return {
        order,
        digest,
        ids,
        send: () => quorum.configure(struct(message), approvals),
        execute: (given = ids, further = NO_APPROVALS) => quorum.executeConfigure(struct(message), [...given], further),
      };
    },
    setTreasury: async (
      asset: Address,
      treasury: string,
      { by = DECIDERS.SetTreasury, ...rest }: Given & { by?: readonly Decider[] } = {},
    ): Promise<DelayedDeed> => {
      const message = { ...(await signed(rest)), asset, treasury: treasury as Address };
      const order: Order<"SetTreasury"> = { primaryType: "SetTreasury", message };
      const { approvals, digest, ids } = await decided(domain, order, by);
      return {
        order,
        digest,
        ids,
        send: () => disposal.setTreasury(message, approvals),
        execute: (given = ids, further = NO_APPROVALS) => disposal.executeSetTreasury(message, [...given], further),
      };
    },
    veto: async (order: Hex, by: readonly Decider[], given: Given = {}): Promise<Deed> => {
      const message = { ...(await signed(given)), order };
      const { approvals, digest, ids } = await decided(domain, { primaryType: "Veto", message }, by);
      return { digest, ids, send: () => quorum.veto(message, approvals) };
    },
    stay: async (order: Hex, until: bigint, by: readonly Decider[], given: Given = {}): Promise<Deed> => {
      const message = { ...(await signed(given)), order, until };
      const { approvals, digest, ids } = await decided(domain, { primaryType: "Stay", message }, by);
      return { digest, ids, send: () => quorum.stay(message, approvals) };
    },
  };
}
