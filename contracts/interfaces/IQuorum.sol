// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDocket} from "./IDocket.sol";
import {Charter} from "../types/Charter.sol";
import {DelayedOrder} from "../types/Delayed.sol";
import {Admit, Cancel, Configure, Dismiss, Stay, Veto} from "../types/Order.sol";
import {PackedRule} from "../types/Rule.sol";

/// @notice A signature of an officer that is a contract or a verifier's key (ERC-7913 signer bytes). Empty where a
/// contract officer approved on chain.
struct Signed {
    bytes signer;
    bytes signature;
}

/// @notice How an order was approved.
/// @param keys Signatures of keys, 65 bytes each (r, s, v), strictly ascending by officer id.
/// @param others Signatures of all other kinds of officers, strictly ascending by officer id.
struct Approvals {
    bytes keys;
    Signed[] others;
}

/// @title IQuorum
/// @notice Officers sign, agencies are counted. Tallies and needs are one hex digit per agency, agency 0 lowest; times are
/// Unix seconds, terms seconds. Every change is an entry of the docket's journal: it has no events of its own.
interface IQuorum {
    /// @notice The order has been used.
    error QuorumOrderUsed(bytes32 digest, uint256 entry);
    /// @notice The approvals fall short of every alternative of the act's rules.
    error QuorumNotMet(bytes32 digest, uint8 act, uint8 about, uint64 have);
    /// @notice The approvals met a rule before officers withdrew theirs, or were dismissed.
    error QuorumWithdrawn(bytes32 digest, uint64 have, uint64 given);
    /// @notice A Dismiss takes exactly the officers of one alternative, a Stay those of one agency.
    error QuorumTooManyApprovals(bytes32 digest, uint64 have);
    /// @notice The act has no rule for the caller, so it cannot execute.
    error QuorumNoRule(uint8 act);
    /// @notice An act that is done at once cannot be scheduled, nor a delayed one be used.
    error QuorumDelay(uint8 act, uint32 delay);
    error QuorumNotInstaller(address caller);
    error QuorumOnlyDisposal(address caller);
    error QuorumInstalled();
    error QuorumNotOneApproval(uint256 approvals);
    error QuorumApprovalWithdrawn(bytes32 digest, bytes32 officerId);
    error QuorumApprovedBefore(bytes32 digest, bytes32 officerId);

    error QuorumSignatureLength(uint256 length);
    /// @notice The signature at `index`, counted through keys and others, is not one of its officer.
    error QuorumInvalidSignature(uint256 index);
    error QuorumUnknownOfficer(bytes32 officerId);
    error QuorumDismissedOfficer(bytes32 officerId);
    error QuorumSeatedOfficer(bytes32 officerId);
    /// @notice Officer ids must ascend strictly; so none counts twice.
    error QuorumUnorderedOfficer(bytes32 officerId, bytes32 previous);
    /// @notice No officer of this kind can be seated.
    error QuorumUnknownKind(uint8 kind);
    /// @notice The signer bytes are not those of an officer of this kind.
    error QuorumInvalidSigner(uint8 kind, bytes signer);
    /// @notice Not a verifier of the charter, or one that can be none: a precompile, without code, or a key that delegates
    /// to code (EIP-7702) and can change it.
    error QuorumUnknownVerifier(address verifier);
    /// @notice The candidate did not sign its own admission.
    error QuorumNoConsent(bytes32 officerId);
    /// @notice The last officer of an agency goes only after its successor is seated, or by a rescue.
    error QuorumLastOfficer(uint8 agency, bytes32 officerId);
    /// @notice The officer took part in a dismissal and takes part in none before the second `next`.
    error QuorumDismissalPause(bytes32 officerId, uint40 next);
    error QuorumUnknownAgency(uint256 agency, uint256 agencies);

    error QuorumNotScheduled(bytes32 digest);
    /// @notice The order was executed or vetoed, see {DelayedState}.
    error QuorumOrderEnded(bytes32 digest, uint8 state);
    error QuorumTooEarly(bytes32 digest, uint40 start);
    error QuorumTooLate(bytes32 digest, uint40 deadline);
    /// @notice Not the officers whose approvals counted when the order was scheduled.
    error QuorumWrongApprovers(bytes32 digest);
    /// @notice Without those of its approvers that were dismissed as compromised, too few seated officers approve it.
    error QuorumStale(bytes32 digest, uint64 have, uint64 need);
    /// @notice Only a Forfeit, Compensate, Convert or Transfer is stayed and appealed against.
    error QuorumNotDisposal(bytes32 digest, uint8 act);
    /// @notice A stay must move the start, or the second from which on the order can be executed.
    error QuorumStayTooShort(bytes32 digest, uint64 until, uint256 from);
    /// @notice The agency stayed the order for `used` days and wants `adding` more, of the seconds that its rule gives.
    error QuorumStayedTooLong(bytes32 digest, uint8 agency, uint256 used, uint256 adding, uint32 longest);

    /// @notice No such act, or a rule that asks for nobody.
    error RuleInvalid(uint8 act, uint256 alternative);
    /// @notice Too many or, for an act that must stay possible, too few alternatives; those of Admit and Dismiss never
    /// change number.
    error RuleAlternatives(uint8 act, uint256 alternatives, uint256 least, uint256 most);
    /// @notice The rule asks for more officers of the agency than it seats.
    error RuleUnreachable(uint8 act, uint256 agency, uint256 seated, uint256 needed);
    /// @notice SELF stands in the first alternative of Admit and of Dismiss, and may stand in Veto.
    error RuleSelf(uint8 act, uint256 alternative);
    /// @notice Each alternative of Stay names one agency: each has its own days.
    error RuleNotOneAgency(uint8 act, uint256 alternative);
    /// @notice Agencies, one bit each, that stand in two rescues of Dismiss, or in every Admit after the first: stolen, one
    /// could guard its own last seat.
    error RuleGuardsItself(uint8 act, uint16 agencies);
    /// @notice A delay below its floor, or one where the act is done at once (`floor` 0).
    error RuleDelay(uint8 act, uint256 alternative, uint32 delay, uint32 floor);
    error RuleGrace(uint8 act, uint256 alternative, uint32 grace, uint32 least, uint32 most);
    error RuleTerm(uint8 act, uint256 alternative, uint32 term, uint32 most);

    error CharterInvalidContracts(address docket, address disposal, address register, address vault);
    error CharterUnknownAgency(uint256 agency, uint256 agencies);
    error CharterTooManyAgencies(uint256 agencies, uint256 most);
    /// @notice The court and the prosecutor are one agency.
    error CharterOneGuard(uint256 agency);
    /// @notice The first officers that signed are not those of the charter's seats.
    error CharterNotSigned(uint256 seats, uint256 signatures);
    /// @notice Court and prosecutor need {Terms-LEAST_GUARD_KEYS} keys, every other agency that a rule names {Terms-LEAST_KEYS}.
    error CharterTooFewKeys(uint256 agency, uint256 keys, uint256 least);
    /// @notice The act stands in the charter twice.
    error CharterActTwice(uint8 act);
    /// @notice Without a rule for this act a wrong could not be righted, or the officers never change.
    error CharterMissingRule(uint8 act);
    /// @notice A number of the charter, by its place in {Numbers}, is zero, or shorter than what it bounds.
    error CharterInvalidNumber(uint256 number, uint256 value);

    /// @notice Closes the circle, once. Nothing executes before it; after it the deployer can do nothing that a
    /// stranger could not.
    /// @param signatures For each seat, in order, the signature of its officer over {Admit} with the charter's
    /// document, `signBy`, and its hash `keccak256(abi.encode(charter))` as salt.
    function install(Charter calldata charter, bytes[] calldata signatures) external;

    /// @notice Lets an order pass once, or reverts. Called by the contracts of the system alone.
    /// @param act Number of the act.
    /// @param about The agency that the order is about; 15 when it is about none.
    /// @param structHash EIP-712 struct hash of the order.
    /// @param signBy Last second in which the order may execute, at most {Terms-LONGEST_SIGN_BY} ahead.
    /// @param entry Number of the journal's entry that the order becomes; 0: it is asked whether it would pass, and stays
    /// unused.
    /// @param bundled Whether the approvals are of the bundle in which the order was {enlist}ed, not of the order alone.
    /// @return digest The EIP-712 digest that the officers signed.
    /// @return term Longest term of the first alternative that the approvals meet, in seconds.
    /// @return officerIds The officers whose approvals count, keys before others, each ascending. Those of agencies that
    /// the rule does not need do not count.
    function use(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        uint256 entry,
        bool bundled,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint32 term, bytes32[] memory officerIds);

    /// @notice Shows that orders stand in a bundle: the caller may {use} them in this transaction by signatures over the
    /// bundle.
    /// @param act Of all orders of the bundle.
    /// @param structHashes EIP-712 struct hashes of orders that follow each other in the bundle.
    /// @param range See {BundleLib-digestOf}.
    function enlist(uint8 act, bytes32[] calldata structHashes, bytes calldata range) external;

    /// @notice Lets an order pass that may be executed only after a delay, or reverts. Called by the contracts of the
    /// system alone.
    /// @param caseId The case of the order, or zero.
    /// @param asset What it disposes of, or zero: an appeal concerns every order on the asset in the case.
    /// @return digest The EIP-712 digest that the officers signed.
    /// @return start First second in which the order may be executed, before any appeal.
    /// @return deadline Last second in which the order may be executed, before any appeal.
    /// @return officerIds The officers whose approvals count.
    function schedule(
        uint8 act,
        uint8 about,
        bytes32 structHash,
        uint64 signBy,
        bytes32 caseId,
        address asset,
        uint256 entry,
        Approvals calldata approvals
    ) external returns (bytes32 digest, uint40 start, uint40 deadline, bytes32[] memory officerIds);

    /// @notice Lets a scheduled order execute, once, or reverts. Called by the contract that scheduled it.
    /// @param officerIds The officers whose approvals counted when it was scheduled.
    /// @param further Approvals of the same order that stand in for those of officers dismissed as compromised since; read
    /// only where there is one.
    /// @return digest The EIP-712 digest that the officers signed.
    /// @return age How long money must have lain in the case to be disposed of: the order's delay, and an appeal's time.
    /// @return counted The officers whose approvals count now.
    function execute(
        uint8 act,
        bytes32 structHash,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external returns (bytes32 digest, uint40 age, bytes32[] memory counted);

    /// @notice An appeal against a delayed order: once, it makes the delay of every order on the same asset of the case
    /// longer that waits, or is scheduled in {Terms-APPEAL} from now on. Called by the disposal alone, while the order waits.
    /// @return caseId The case of the order.
    /// @return asset What the order disposes of.
    /// @return start First second in which the order may be executed, with the appeal.
    /// @return deadline Last second in which the order may be executed, with the appeal.
    function appeal(bytes32 digest) external returns (bytes32 caseId, address asset, uint40 start, uint40 deadline);

    /// @notice Schedules the admission of an officer. One that waits may be scheduled again by an earlier alternative that
    /// makes it sooner: its times and approvers are then those of the second time.
    /// @param consent The candidate's own signature over the order.
    function admit(Admit calldata order, Approvals calldata approvals, bytes calldata consent) external;

    /// @notice Seats an officer whose admission was scheduled. Anyone may call. For `officerIds` and `further` see {execute}.
    function executeAdmit(Admit calldata order, bytes32[] calldata officerIds, Approvals calldata further) external;

    /// @notice Unseats an officer for ever, at once. Who takes part does so in no other for a while. One that was dismissed
    /// can still be dismissed as compromised: then delayed orders that it approved are counted anew without it.
    /// @param approvals Exactly those of one alternative.
    function dismiss(Dismiss calldata order, Approvals calldata approvals) external;

    /// @notice Schedules new rules of an act.
    function configure(Configure calldata order, Approvals calldata approvals) external;

    /// @notice Replaces the rules of an act as scheduled. Anyone may call. For `officerIds` and `further` see {execute}.
    function executeConfigure(
        Configure calldata order,
        bytes32[] calldata officerIds,
        Approvals calldata further
    ) external;

    /// @notice Postpones the start of a scheduled disposal to `until`, and its deadline by as much as that lies after the
    /// start, or after now where it has passed. Each agency has its days once per order, in as many stays as it likes.
    /// @param approvals Those of one agency.
    function stay(Stay calldata order, Approvals calldata approvals) external;

    /// @notice Ends a delayed order for ever.
    function veto(Veto calldata order, Approvals calldata approvals) external;

    /// @notice A contract officer approves an order by calling. The digest is salted: it tells nothing about the order.
    function approve(bytes32 digest) external;

    /// @notice A contract officer withdraws its approval of an order by calling, however it approved: the same as
    /// {cancel}, for ever.
    function revoke(bytes32 digest) external;

    /// @notice Withdraws an officer's own approval of one order for ever, and nothing else. Anyone may bring it.
    /// @param approvals The one signature of that officer.
    function cancel(Cancel calldata order, Approvals calldata approvals) external;

    /// @notice EIP-712 domain separator of every order.
    function domainSeparator() external view returns (bytes32);

    /// @notice The journal's entry that used or scheduled the order; 0 while it is unused.
    function entryOf(bytes32 digest) external view returns (uint256);

    /// @notice A delayed order, its start and deadline as they are with an appeal that counts for it, see {appealsOf}. All
    /// zero: it was never scheduled.
    function delayedOf(bytes32 digest) external view returns (DelayedOrder memory);

    /// @notice Seconds in which appeals against disposals of the asset in the case came, ascending. The one at
    /// {DelayedOrder}'s `firstAppeal` adds {Terms-APPEAL} to start, deadline and age of money, once.
    function appealsOf(bytes32 caseId, address asset) external view returns (uint40[] memory);

    /// @notice Days, begun ones counted whole, for which the agency stayed the order.
    function stayedBy(bytes32 digest, uint8 agency) external view returns (uint8);

    /// @notice The seat of an officer. `kind` 0: it has none, or none any more.
    function officer(bytes32 officerId) external view returns (uint8 kind, uint8 agency);

    /// @notice Whether an officer was dismissed, and as compromised.
    function dismissalOf(bytes32 officerId) external view returns (bool dismissed, bool compromised);

    /// @notice The second from which on the officer may take part in a dismissal; 0: it never did.
    function pauseOf(bytes32 officerId) external view returns (uint40 until);

    /// @notice How many officers an agency has.
    function agencyOf(uint8 agency) external view returns (uint256 seated);

    /// @notice Whether keys of this verifier may be seated.
    function isVerifier(address verifier) external view returns (bool);

    /// @notice Whether the contract officer approved the order on chain and did not revoke it.
    function isApproved(bytes32 digest, bytes32 officerId) external view returns (bool);

    /// @notice Whether the officer withdrew its approval of the order.
    function isWithdrawn(bytes32 digest, bytes32 officerId) external view returns (bool);

    /// @notice Names of the agencies, left-aligned ASCII, by index.
    function agencyNames() external view returns (bytes32[] memory);

    /// @notice An alternative of an act's rules. Zero: there is none.
    function rule(uint8 act, uint8 alternative) external view returns (PackedRule);

    /// @notice The docket whose journal it writes.
    function docket() external view returns (IDocket);
}
