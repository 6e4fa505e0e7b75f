import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import {
  createPublicClient,
  custom,
  numberToHex,
  type Address,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
} from "viem";
import { refusalIn, returnedBy } from "../chain/refusals.ts";
import { SequesterError } from "../errors.ts";

/** Most gas that one transaction may have (EIP-7825). */
export const GAS_CAP = 2n ** 24n;

/** A call that is to become a transaction; `what` tells it in errors. */
export interface Call {
  what: string;
  from: Address;
  to: Address;
  data: Hex;
}

/** The contracts refuse an act: which act, and their reason. */
export class ActRefusedError extends SequesterError {
  override name = "ActRefusedError";
  /** Name of the contracts' error, if it is one of theirs. */
  readonly error: string | undefined;

  constructor(what: string, { error, reason }: { error?: string; reason: string }, cause: unknown) {
    super(`${what} was refused by the contracts.`, { metaMessages: [`reason: ${reason}`], cause });
    this.error = error;
  }
}

/** Who acts on the embedded chain besides the officers. */
export interface Roles {
  deployer: Address;
  /** Mints the assets. */
  issuer: Address;
  /** Receives what is forfeited. */
  treasury: Address;
  /** Brings approved orders to the chain; is no officer. */
  relayer: Address;
  /** Anyone: records lapses, deposits, books, executes what is due. */
  stranger: Address;
}

/** Hardhat's chain inside this process, with a clock that its user sets. */
export class EmbeddedChain {
  readonly connection: NetworkConnection;
  readonly client: PublicClient;
  readonly roles: Roles;
  /** Unix seconds of the blocks to come; undefined: the chain's own clock. */
  #now: number | undefined;
  /** Accounts beside the roles that act for themselves: holders and platforms. */
  readonly #guests = new Set<Address>();

  private constructor(connection: NetworkConnection, roles: Roles) {
    this.connection = connection;
    this.client = createPublicClient({ transport: custom(connection.provider), cacheTime: 0 });
    this.roles = roles;
  }

  /** A new chain whose first block is at `start` (Unix seconds). */
  static async open(start: number): Promise<EmbeddedChain> {
    const connection = await hre.network.create({
      override: { initialDate: new Date(start * 1000), allowBlocksWithSameTimestamp: true },
    });
    const accounts = (await connection.provider.request({ method: "eth_accounts" })) as Address[];
    const [deployer, issuer, treasury, relayer, stranger] = accounts as [Address, Address, Address, Address, Address];
    return new EmbeddedChain(connection, { deployer, issuer, treasury, relayer, stranger });
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Sets the second of all blocks to come, which is not before the last one's. */
  setTime(now: number): void {
    this.#now = now;
  }

  /** Mines an empty block if the last one is behind the clock; answers the number of the last block. */
  async settle(): Promise<bigint> {
    const { number, timestamp } = await this.client.getBlock();
    if (this.#now === undefined || Number(timestamp) >= this.#now) return number;
    await this.#tick();
    await this.#request("evm_mine", []);
    return number + 1n;
  }

  /**
   * Whether a call is done with the gas that one transaction may have.
   * @throws ActRefusedError if it reverts.
   */
  async fits({ what, from, to, data }: Call): Promise<boolean> {
    await this.#tick();
    try {
      await this.#request("eth_call", [{ from, to, data, gas: numberToHex(GAS_CAP) }, "pending"]);
      return true;
    } catch (error) {
      if (isOutOfGas(error)) return false;
      throw new ActRefusedError(what, reasonOf(error), error);
    }
  }

  /**
   * Executes a call in a block of its own. The sender may be any account: on this chain nobody needs its key.
   * @throws ActRefusedError if it reverts.
   */
  async send({ what, from, to, data }: Call): Promise<TransactionReceipt> {
    await this.#admit(from);
    await this.#tick();
    try {
      const hash = await this.#request("eth_sendTransaction", [{ from, to, data, gas: numberToHex(GAS_CAP) }]);
      return await this.client.getTransactionReceipt({ hash: hash as Hex });
    } catch (error) {
      throw new ActRefusedError(what, reasonOf(error), error);
    }
  }

  /** Lets an account that is none of the roles send, and pay for it. */
  async #admit(from: Address): Promise<void> {
    if (this.#guests.has(from) || Object.values(this.roles).includes(from)) return;
    await this.#request("hardhat_impersonateAccount", [from]);
    await this.#request("hardhat_setBalance", [from, numberToHex(10n ** 18n)]);
    this.#guests.add(from);
  }

  async #tick(): Promise<void> {
    if (this.#now !== undefined) await this.#request("evm_setNextBlockTimestamp", [this.#now]);
  }

  #request(method: string, params: unknown[]): Promise<unknown> {
    return this.connection.provider.request({ method, params });
  }
}

/**
 * Whether gas ran out. Every fault of the contracts has a name: a revert without data is an inner call that ran out of gas.
 * The creation of a vault, at an address that nobody else can use, fails for no other reason.
 */
function isOutOfGas(fault: unknown): boolean {
  const data = returnedBy(fault);
  return data === "0x" || (data !== undefined && refusalIn(data)?.error === "FailedDeployment");
}

/** What the chain says about a call that failed: a contract's error by name, or its own words. */
function reasonOf(fault: unknown): { error?: string; reason: string } {
  const data = returnedBy(fault);
  const refusal = data === undefined ? undefined : refusalIn(data);
  return refusal ?? { reason: fault instanceof Error ? fault.message : String(fault) };
}
