import {
  address,
  amount,
  caseId,
  document,
  list,
  salt,
  signBy,
  type Fields,
  type MessageOf,
  type Struct,
} from "./fields.ts";
import { SelfHoldError } from "../errors.ts";
import type { Speech } from "./words.ts";

/** The contracts that take orders. */
export const CONTRACTS = {
  docket: "Docket",
  disposal: "Disposal",
  quorum: "Quorum",
  register: "LicenceRegister",
} as const;

export type Executor = keyof typeof CONTRACTS;

/** What an act does, by languages. Methods, so that a definition can be taken as one of any act. */
interface Sentences<F extends Fields> {
  en(this: void, message: MessageOf<F>, say: Speech): string;
  ru(this: void, message: MessageOf<F>, say: Speech): string;
  kk(this: void, message: MessageOf<F>, say: Speech): string;
}

/** All that there is to say of an act that is signed, besides its type. */
export interface ActOptions<F extends Fields> {
  /** In rules and in the journal: up to 20 it is decided under a rule. */
  readonly number: number;
  /** Its name in the journal, where that is not the name of its type. */
  readonly journal?: string;
  /** Which contract takes it with its approvals, and by which function. */
  readonly call?: readonly [Executor, string];
  /** It is scheduled first, and executed by a second call. */
  readonly delayed?: true;
  /** Its orders can be signed together. Of all others a page that asks for a signature must not get so much. */
  readonly bundled?: true;
  /** The field that names who consents besides, by a signature or by calling. */
  readonly consent?: keyof F;
  /** No officer approves it. */
  readonly unapproved?: true;
  /** What its fields must be together. @throws OrderFieldError */
  check?(this: void, at: string, message: MessageOf<F>): void;
  /**
   * What it does, in words. Every field but `salt` and `signBy` is in it. Russian and Kazakh begin with the name of the act
   * from terms.ts, and say the rest behind a colon, so that nothing has to agree with a name, a number or an address.
   */
  sentence?: Sentences<F>;
}

export const act = <F extends Fields, const O extends ActOptions<F>>(
  fields: F,
  options: O & ActOptions<F>,
): Struct<F> & O => ({ fields, ...options });

/** What every order has: dead after `signBy`, Unix seconds; `salt` makes it unique. */
export const signed = <F extends Fields>(fields: F) => ({ ...fields, signBy, salt });

/** What an order in a case has besides: the case id as text, and the salted hash of the paper that it rests on. */
export const inCase = <F extends Fields>(fields: F) => signed({ caseId, document, ...fields });

/** A claim on an account, or a part of it. `amount` in base units of `asset`. */
export const Target = {
  fields: { asset: address, account: address, amount },
  check(at: string, { asset, account }: { asset: string; account: string }) {
    if (asset === account) throw new SelfHoldError(at, account, "an account other than the asset");
  },
};

/** Claims, ascending by (asset, account). */
export const targets = list("Target", Target, ({ asset, account }) => [asset, account]);
