import { EXIT, SequesterError } from "../base/errors.ts";

/** A field of an order that cannot stand: which, what it has, what it needs. Exit code 64. */
export class OrderFieldError extends SequesterError {
  override name = "OrderFieldError";
  readonly field: string;

  constructor(field: string, has: unknown, needs: string) {
    super(`Invalid ${field}.`, { code: EXIT.usage, metaMessages: [`has: ${String(has)}`, `needs: ${needs}`] });
    this.field = field;
  }
}

export type FieldError = typeof OrderFieldError;

/** An error of fields with a name of its own. */
export const fieldError = (name: string): FieldError =>
  ({
    [name]: class extends OrderFieldError {
      override name = name;
    },
  })[name]!;

export const DuplicateTargetError = fieldError("DuplicateTargetError");
export const EmptyOrderError = fieldError("EmptyOrderError");
export const InvalidActError = fieldError("InvalidActError");
export const InvalidAddressError = fieldError("InvalidAddressError");
export const InvalidAgencyError = fieldError("InvalidAgencyError");
export const InvalidAmountError = fieldError("InvalidAmountError");
export const InvalidCodeHashError = fieldError("InvalidCodeHashError");
export const InvalidDocumentError = fieldError("InvalidDocumentError");
export const InvalidFlagError = fieldError("InvalidFlagError");
export const InvalidKindError = fieldError("InvalidKindError");
export const InvalidListError = fieldError("InvalidListError");
export const InvalidNameError = fieldError("InvalidNameError");
export const InvalidOfficerError = fieldError("InvalidOfficerError");
export const InvalidOrderDigestError = fieldError("InvalidOrderDigestError");
export const InvalidPlacementError = fieldError("InvalidPlacementError");
export const InvalidRuleError = fieldError("InvalidRuleError");
export const InvalidSaltError = fieldError("InvalidSaltError");
export const InvalidSignByError = fieldError("InvalidSignByError");
export const InvalidSignerError = fieldError("InvalidSignerError");
export const InvalidSourceError = fieldError("InvalidSourceError");
export const InvalidTermError = fieldError("InvalidTermError");
export const InvalidUntilError = fieldError("InvalidUntilError");
export const SelfHoldError = fieldError("SelfHoldError");
export const UnsortedTargetsError = fieldError("UnsortedTargetsError");
