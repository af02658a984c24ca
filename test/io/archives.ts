/** Two rows of a symvers, and what the xz and zstd commands make of them. */
export const symversText =
  '0xfa41bfa1\tI_BDEV\tvmlinux\tEXPORT_SYMBOL\t\n0x0525c1ee\tzalloc_cpumask_var\tvmlinux\tEXPORT_SYMBOL_GPL\t\n'

export const symversXz = bytes(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ABhAFNdABgeCMYiczQf3tHwT3iufkTh09Al6P7yx2ifVaEE2c83qkScNjUSREurdRA7T9KAlpL8' +
    'XzGJUl9UsIQ1361Hvg+0RtYX23NZxQ3zMEQ6k1WfOvlAAAAQ1QgXKJFcEwABb2I3wl9hH7bzfQEAAAAABFla',
)

/** With SHA-256 in place of CRC-64. */
export const symversSha256Xz = bytes(
  '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4ABhAFNdABgeCMYiczQf3tHwT3iufkTh09Al6P7yx2ifVaEE2c83qkScNjUSREurdRA7T9KAlpL8' +
    'XzGJUl9UsIQ1361Hvg+0RtYX23NZxQ3zMEQ6k1WfOvlAAAD/PW4j/2uZhH68gopHH9lnFCMJ2QTQxRaSztuvZ3JC9wABhwFiAAAAheavbLbp' +
    '3xwCAAAAAApZWg==',
)

export const symversZst = bytes(
  'KLUv/SRipQIAxAQweGZhNDFiZmExCUlfQkRFVgl2bWxpbnV4CUVYUE9SVF9TWU1CT0wJCjB4MDUyNWMxZWUJemFsbG9jX2NwdW1hc2tfdmFy' +
    'X0dQTAkKAQAGVlQU8bK0yA==',
)

/** A million zero bytes. */
export const zerosXz = bytes(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj70I/ANFdAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wj' +
    'EVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/s' +
    'KMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPmTwz82AAAA' +
    'ADKzVZfu0uHjAAHtAcCEPQDV4HauscRn+wIAAAAABFla',
)

export const zerosZst = bytes('KLUv/QRYVAAAEAAAAQD7/znAAgIAEAACABAAAgAQAAIAEAACABAAAgAQAAMSCgDMrso5')

function bytes(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64')
}
