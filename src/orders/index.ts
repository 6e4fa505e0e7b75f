/**
 * Orders: what officers sign, how it is built, told, digested and passed on. Two files stay apart, so that a browser can
 * have the rest: disk.ts (reads and writes files) and digest-ethers.ts (the second, independent digest).
 */
export * from "./approvals.ts";
export * from "./build.ts";
export * from "./buildChanges.ts";
export * from "./buildDisposals.ts";
export * from "./bundle.ts";
export * from "./caseId.ts";
export * from "./digest.ts";
export * from "./document.ts";
export {
  DuplicateTargetError,
  EmptyOrderError,
  InvalidAddressError,
  InvalidAgencyError,
  InvalidAmountError,
  InvalidDocumentError,
  InvalidListError,
  InvalidPlacementError,
  InvalidNameError,
  InvalidOfficerError,
  InvalidOrderDigestError,
  InvalidSaltError,
  InvalidSignByError,
  InvalidSignerError,
  InvalidSourceError,
  InvalidTermError,
  InvalidUntilError,
  OrderFieldError,
  SelfHoldError,
} from "./fields.ts";
export * from "./files.ts";
export * from "./salts.ts";
export * from "./sentence.ts";
export * from "./types.ts";
