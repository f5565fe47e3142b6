// The addon's handles, and the externals of other addons, whose memory must not be read as if it were ours.
import { once } from "node:events";
import { createServer } from "node:net";
import { types } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Tensor, tensor } from "./index.js";
import { type Handle, native } from "./native.js";

const server = createServer();
let foreign: Handle;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  foreign = (server as unknown as { _handle: { _externalStream: Handle } })._handle._externalStream;
});
afterAll(() => void server.close());

describe("an external of another addon", () => {
  const received = "received an external of another addon";

  test("is what Node hands out for a stream", () => expect(types.isExternal(foreign)).toBe(true));

  test("is no tensor", () => {
    expect(native.isTensor(foreign)).toBe(false);
    expect(() => new Tensor(foreign)).toThrow("a Tensor is made by tensor(...) or by an operator, not by new");
  });

  test("is refused in one clear line wherever a tensor is expected", () => {
    const operator = native.find("aten::add", "Tensor");
    const { handle } = tensor([1]);
    expect(() => native.call(operator, [handle, foreign, 1])).toThrow(`argument "other" expects a tensor, ${received}`);
    expect(() => native.shape(foreign)).toThrow(`the argument is not a tensor, ${received}`);
    expect(() => native.backward([foreign], null, false, false)).toThrow(`the argument is not a tensor, ${received}`);
    expect(() => native.release(foreign)).toThrow(`what is released is not a tensor, ${received}`);
  });

  test("is refused in one clear line where a generator is expected", () => {
    const operator = native.find("aten::bernoulli", "");
    const call = () => native.call(operator, [tensor([0.5]).handle, foreign]);
    expect(call).toThrow(`argument "generator" expects a generator, ${received}`);
  });
});
