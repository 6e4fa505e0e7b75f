// What a help says that waits for no definition of an act.

/** The acts as they are called on the command line. */
export const ACT_NAMES =
  "freeze, arrest, lift, seize, return, forfeit, compensate, convert, transfer, exchange-hold, stay, veto, appeal, " +
  "cancel, admit, dismiss, configure, set-treasury, license, suspend";

/** Of a freeze, the act that is written most. */
export const EXAMPLE_OF_NEW = `order new freeze --case TUMAR-A-01 --ruling ruling.pdf --term 10d --valid 2d \\
      --target "0x70997970C51812dc3A010C7d01b50e0d17dc79C8=1250.5 KZTE" -o freeze.order.json`;
