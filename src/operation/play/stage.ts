import type { Address, Hex } from "viem";
import type { CompensationList } from "../../compensation/index.ts";
import type { Deployment } from "../../chain/deployments.ts";
import type { Parameters } from "../../deployment/parameters.ts";
import type { ActName, Order, Ruling, Words } from "../../orders/index.ts";
import type { Approved, SeatedOfficer } from "./approve.ts";
import type { EmbeddedChain } from "./embedded.ts";
import type { Act, Operation } from "../operation.ts";

/** What is being done, and how far it is. */
export interface Progress {
  step: "trace" | "deploy" | "fund" | Act["act"] | "statement" | "pack" | "bring";
  /** Seconds since the operation's start; undefined before it. */
  at: number | undefined;
  done: number;
  total: number;
  /** What the step came to, at its end. */
  result?: string;
  /** Gas and addresses, for who asks for them. */
  detail?: string | undefined;
}

/** An order that was executed, with all that is needed to check it. */
export interface ExecutedOrder extends Approved {
  act: ActName;
  /** Empty where the order is of no case. */
  case: string;
  order: Order;
  documentSalt: Hex;
  ruling: Ruling;
  /** What the officers read before they signed. */
  sentence: string;
  transaction: Hex;
}

/** An approved order that waits for its execution. */
export type PreparedOrder = Omit<ExecutedOrder, "transaction"> & {
  /** Of a licence: the wallet's own signature. */
  consent?: Hex;
};

/** An order that an act of the timeline scheduled, with what its execution needs. */
export interface ScheduledOrder {
  prepared: Omit<ExecutedOrder, "transaction">;
  /** Of a compensation. */
  list?: CompensationList;
}

/** What the contracts refused, as the timeline said they would. */
export interface RefusedAttempt {
  /** Seconds since the operation's start. */
  at: number;
  case: string;
  what: string;
  approvedBy: string[];
  /** Name of the contracts' error. */
  error: string;
}

/** All that an operation's acts are played on and with. */
export interface Stage {
  operation: Operation;
  parameters: Parameters;
  /** Those in office; who is dismissed leaves the list. */
  officers: readonly SeatedOfficer[];
  /** Those of the beginning. */
  everyone: readonly SeatedOfficer[];
  chain: EmbeddedChain;
  deployment: Deployment;
  words: Words;
  /** In the order of their execution. */
  executed: ExecutedOrder[];
  /** By the names of the timeline. */
  scheduled: Map<string, ScheduledOrder[]>;
  refused: RefusedAttempt[];
  /** What was played so far. */
  acts: Act[];
  progress: (progress: Progress) => void | Promise<void>;
}

/** The contract of an asset that the operation knows by its symbol. */
export const assetOf = ({ deployment }: Stage, symbol: string): Address => deployment.addresses.assets[symbol]!;
