// The raw call: any registered operator by its schema name, unchecked. Some operators trust their arguments and crash the
// process on wrong ones; the typed operators of `selfadapt/torch` leave those out.
import { type Operator, operator } from "./dispatch.js";
import { native } from "./native.js";

/** `callOperator("aten::add", "Tensor", x, y, { alpha: 2 })`. */
export function callOperator(name: string, overload: string, ...values: unknown[]): unknown {
  return rawOperator(name, overload)(...values);
}

/** The function that `callOperator` calls, looked up once. */
export function rawOperator(name: string, overload: string): Operator {
  return operator(name, { [overload]: null });
}

/** Every operator registered in this libtorch, `aten::add.Tensor` and so on. */
export function operatorNames(): string[] {
  return native.operatorNames();
}
