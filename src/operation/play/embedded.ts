import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider } from "hardhat/types/providers";
import {
  createPublicClient,
  custom,
  numberToHex,
  type Address,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
} from "viem";
import { refusalIn, returnedBy, type Refusal } from "../../chain/refusals.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { GAS_CAP } from "./batches.ts";
import { recordCalls, type MakingCall } from "./record.ts";

/** A call that is to become a transaction; `what` tells it in errors. */
export interface Call {
  what: string;
  from: Address;
  to: Address;
  data: Hex;
}

/** The contracts refuse a call: which, and their reason. Exit code 64; 1 where the reason is none of theirs. */
export class CallRefusedError extends SequesterError {
  override name = "CallRefusedError";
  readonly call: Call;
  /** The contracts' error, if it is one of theirs. */
  readonly refusal: Refusal | undefined;

  constructor(call: Call, cause: unknown) {
    const data = returnedBy(cause);
    const refusal = data === undefined ? undefined : refusalIn(data);
    const reason = refusal?.reason ?? (cause instanceof Error ? cause.message : String(cause));
    const code = refusal === undefined ? EXIT.error : EXIT.usage;
    super(`${call.what} was refused by the contracts.`, { code, metaMessages: [`reason: ${reason}`], cause });
    this.call = call;
    this.refusal = refusal;
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

/** A new embedded chain whose first block is at `start` (Unix seconds): the same calls make the same blocks of it. */
export const connectionFrom = (start: number): Promise<NetworkConnection> =>
  hre.network.create({
    override: { initialDate: new Date(start * 1000), allowBlocksWithSameTimestamp: true },
  });

/** Hardhat's chain inside this process, with a clock that its user sets. */
export class EmbeddedChain {
  readonly connection: NetworkConnection;
  readonly client: PublicClient;
  readonly roles: Roles;
  /** Unix seconds of its first block. */
  readonly start: number;
  /** What made the chain so far. */
  readonly calls: readonly MakingCall[];
  /** Unix seconds of the blocks to come. */
  #now: number;

  private constructor(connection: NetworkConnection, start: number, roles: Roles) {
    this.connection = connection;
    this.roles = roles;
    this.start = start;
    this.#now = start;
    this.calls = recordCalls(connection.provider);
    this.#keepTime(connection.provider);
    this.client = createPublicClient({ transport: custom(connection.provider), cacheTime: 0 });
  }

  /** A new chain whose first block is at `start` (Unix seconds), as all that follow until another time is set. */
  static async open(start: number): Promise<EmbeddedChain> {
    const connection = await connectionFrom(start);
    const accounts = (await connection.provider.request({ method: "eth_accounts" })) as Address[];
    const [deployer, issuer, treasury, relayer, stranger] = accounts as [Address, Address, Address, Address, Address];
    return new EmbeddedChain(connection, start, { deployer, issuer, treasury, relayer, stranger });
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
    if (Number(timestamp) >= this.#now) return number;
    await this.#tick();
    await this.#request("evm_mine", []);
    return number + 1n;
  }

  /**
   * Whether a call is done with the gas that one transaction may have.
   * @throws CallRefusedError if it reverts.
   */
  async fits(call: Call): Promise<boolean> {
    const { from, to, data } = call;
    await this.#tick();
    try {
      await this.#request("eth_call", [{ from, to, data, gas: numberToHex(GAS_CAP) }, "pending"]);
      return true;
    } catch (error) {
      if (isOutOfGas(error)) return false;
      throw new CallRefusedError(call, error);
    }
  }

  /**
   * Executes a call in a block of its own. The sender may be any account: on this chain nobody needs its key.
   * @throws CallRefusedError if it reverts.
   */
  async send(call: Call): Promise<TransactionReceipt> {
    const { from, to, data } = call;
    await this.#admit(from);
    try {
      const hash = await this.#request("eth_sendTransaction", [{ from, to, data, gas: numberToHex(GAS_CAP) }]);
      return await this.client.getTransactionReceipt({ hash: hash as Hex });
    } catch (error) {
      throw new CallRefusedError(call, error);
    }
  }

  /** Lets an account that is none of the roles, a holder or a platform, send and pay for it. */
  async #admit(from: Address): Promise<void> {
    if ((await this.client.getBalance({ address: from })) > 0n) return;
    await this.#request("hardhat_impersonateAccount", [from]);
    await this.#request("hardhat_setBalance", [from, numberToHex(10n ** 18n)]);
  }

  /** Whoever sends a transaction, Ignition too: its block comes in the second that is set, and not in the computer's. */
  #keepTime(provider: EthereumProvider): void {
    const request = provider.request.bind(provider);
    provider.request = async (args) => {
      if (IN_NEXT_BLOCK.test(args.method)) await this.#tick();
      return (await request(args)) as unknown;
    };
  }

  #tick(): Promise<unknown> {
    return this.#request("evm_setNextBlockTimestamp", [this.#now]);
  }

  #request(method: string, params: unknown[]): Promise<unknown> {
    return this.connection.provider.request({ method, params });
  }
}

/** What makes a block, and what the gas of a transaction is taken from. */
const IN_NEXT_BLOCK = /^eth_(sendTransaction|estimateGas)$/;

/**
 * Whether gas ran out. Every fault of the contracts has a name: a revert without data is an inner call that ran out of gas.
 * The creation of a vault, at an address that nobody else can use, fails for no other reason.
 */
function isOutOfGas(fault: unknown): boolean {
  const data = returnedBy(fault);
  return data === "0x" || (data !== undefined && refusalIn(data)?.error === "FailedDeployment");
}
