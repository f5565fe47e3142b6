// Writes the few pickle instructions (protocol 2) that a dictionary of tensors needs.

export interface PickleWriter {
  /** `module.name`, without anything being called. */
  readonly global: (module: string, name: string) => void;
  readonly text: (value: string) => void;
  /** A whole number up to 2^53 on either side of 0. */
  readonly integer: (value: number) => void;
  readonly falsehood: () => void;
  /** Everything that `write` pushes, as one tuple. */
  readonly tuple: (write: () => void) => void;
  /** Calls the value before the last with the last, a tuple. */
  readonly call: () => void;
  /** Sets the keys and values that `write` pushes in turn in the dictionary below them. */
  readonly setItems: (write: () => void) => void;
  /** Replaces the last value by the external object that it identifies. */
  readonly persistent: () => void;
  readonly finish: () => Uint8Array;
}

const INT32_LIMIT = 2 ** 31;

/** An empty pickle to write into, readable by PyTorch's restricted unpickler. */
export function pickleWriter(): PickleWriter {
  const parts: Uint8Array[] = [];
  const code = (text: string) => void parts.push(Buffer.from(text, "latin1"));

  function text(value: string): void {
    const bytes = Buffer.from(value, "utf8");
    parts.push(
      opcodeWithNumber("X", (head) => head.writeUInt32LE(bytes.length, 1)),
      bytes,
    );
  }

  function integer(value: number): void {
    if (Math.abs(value) < INT32_LIMIT) {
      parts.push(opcodeWithNumber("J", (head) => head.writeInt32LE(value, 1)));
      return;
    }
    const long = Buffer.alloc(10);
    long.write("\x8a\x08", "latin1");
    long.writeBigInt64LE(BigInt(value), 2);
    parts.push(long);
  }

  function marked(write: () => void, end: string): void {
    code("(");
    write();
    code(end);
  }

  code("\x80\x02");
  return {
    global: (module, name) => code(`c${module}\n${name}\n`),
    text,
    integer,
    falsehood: () => code("\x89"),
    tuple: (write) => marked(write, "t"),
    call: () => code("R"),
    setItems: (write) => marked(write, "u"),
    persistent: () => code("Q"),
    finish: () => Buffer.concat([...parts, Buffer.from(".")]),
  };
}

function opcodeWithNumber(opcode: string, write: (head: Buffer) => void): Buffer {
  const head = Buffer.alloc(5);
  head.write(opcode, "latin1");
  write(head);
  return head;
}
