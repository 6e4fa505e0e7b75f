import { keccak256, type Hex } from "viem";

/** Bits of a header's bloom filter. */
const BITS = 2048;
/** Each value sets three bits, told by the first three pairs of bytes of its hash. */
const PAIRS = [0, 1, 2];

/**
 * The places in a bloom filter that are set whenever a log of the block has all of these values as its emitter or among
 * its topics. A filter knows no false "no": a block without one of the bits has no such log.
 */
export function bloomBits(...values: readonly Hex[]): readonly number[] {
  return values.flatMap((value) => {
    const hash = keccak256(value);
    return PAIRS.map((pair) => Number(`0x${hash.slice(2 + 4 * pair, 6 + 4 * pair)}`) % BITS);
  });
}

/** Whether a filter (256 bytes in hexadecimal with 0x) has all the bits. */
export const hasBits = (bloom: string, bits: readonly number[]): boolean => bits.every((bit) => hasBit(bloom, bit));

/** Bit 0 is the lowest of the last byte. */
function hasBit(bloom: string, bit: number): boolean {
  const digit = bloom.length - 1 - Math.floor(bit / 4);
  return ((parseInt(bloom.charAt(digit), 16) >> (bit % 4)) & 1) === 1;
}
