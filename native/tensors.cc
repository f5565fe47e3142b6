// Properties of tensors, and reading and writing their values: one copy each way, for any device, element type and strides.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>

#include "guard.h"
#include "handle.h"
#include "memory.h"
#include "parts.h"
#include "types.h"
#include "values.h"

namespace selfadapt {

namespace {

Napi::Value numbers(Napi::Env env, c10::IntArrayRef values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (uint32_t i = 0; i < values.size(); i++) array.Set(i, static_cast<double>(values[i]));
  return array;
}

std::vector<int64_t> shapeOf(const Napi::Value& value) {
  const auto array = listGiven(value, "the shape");
  std::vector<int64_t> shape(array.Length());
  for (uint32_t i = 0; i < shape.size(); i++) {
    const Napi::Value given = array[i];
    const double size = given.IsNumber() ? given.As<Napi::Number>().DoubleValue() : -1;
    TORCH_CHECK(size >= 0 && size <= kMaxSafeInteger && std::trunc(size) == size,
                "a shape holds whole numbers of at least 0, received ", describe(value.Env(), given));
    shape[i] = static_cast<int64_t>(size);
  }
  return shape;
}

// libtorch multiplies all sizes, even if one is 0, so each partial product must fit.
int64_t bytesOf(const std::vector<int64_t>& shape, c10::ScalarType type) {
  int64_t bytes = static_cast<int64_t>(c10::elementSize(type));
  bool empty = false;
  for (const int64_t size : shape) {
    empty = empty || size == 0;
    const int64_t factor = std::max<int64_t>(size, 1);
    TORCH_CHECK(bytes <= INT64_MAX / factor, "the shape has too many elements");
    bytes *= factor;
  }
  return empty ? 0 : bytes;
}

// import(bytes: Uint8Array, dtype, shape, device): a new tensor with a copy of the bytes.
Napi::Value import(const Napi::CallbackInfo& info) {
  TORCH_CHECK(info[0].IsTypedArray(), "the bytes are a Uint8Array, received ", describe(info.Env(), info[0]));
  auto bytes = info[0].As<Napi::Uint8Array>();
  const auto type = scalarTypeNamed(textGiven(info[1], "the dtype"));
  const auto shape = shapeOf(info[2]);
  const auto device = deviceNamed(textGiven(info[3], "the device"));
  const auto expected = bytesOf(shape, type);
  TORCH_CHECK(static_cast<int64_t>(bytes.ByteLength()) == expected, "the shape needs ", expected, " bytes, received ",
              bytes.ByteLength());
  at::Tensor result = at::empty(shape, at::TensorOptions().dtype(type).device(device));
  if (expected > 0) {
    // Elements of more than a byte may lie unaligned in the JavaScript buffer, so they come in as bytes.
    const at::Tensor source = at::from_blob(bytes.Data(), {expected}, at::kByte);
    result.view({-1}).view(at::kByte).copy_(source);
  }
  // Kernels rely on booleans being 0 or 1.
  if (type == at::kBool) result = result.view(at::kByte).ne(0);
  return Napi::Value(info.Env(), wrapTensor(info.Env(), result));
}

// read(handle, buffer: ArrayBuffer): writes the elements to the buffer in row-major order. JavaScript allocates it, because V8
// throws for a buffer that is too large there, but aborts the process when C++ requests it.
Napi::Value read(const Napi::CallbackInfo& info) {
  const at::Tensor tensor = tensorOf(info.Env(), info[0]).detach();
  TORCH_CHECK(tensor.layout() == c10::kStrided, "only dense tensors have data to read");
  auto buffer = info[1].As<Napi::ArrayBuffer>();
  refuseBeyondMemory(buffer.ByteLength());
  TORCH_CHECK(buffer.ByteLength() == tensor.nbytes(), "the tensor has ", tensor.nbytes(), " bytes, the buffer ",
              buffer.ByteLength());
  if (tensor.numel() > 0) {
    at::from_blob(buffer.Data(), tensor.sizes(), at::TensorOptions().dtype(tensor.scalar_type())).copy_(tensor);
  }
  return info.Env().Undefined();
}

// item(handle): the one element as number, bigint or boolean.
Napi::Value item(const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = tensorOf(info.Env(), info[0]);
  TORCH_CHECK(tensor.numel() == 1, "item() takes a tensor of one element, received ", tensor.numel());
  const at::Scalar value = tensor.item();
  if (value.isBoolean()) return Napi::Boolean::New(info.Env(), value.toBool());
  if (value.isComplex()) TORCH_CHECK(false, "a complex number has no JavaScript value; take its real or imaginary part");
  return Napi::Number::New(info.Env(), value.toDouble());
}

}  // namespace

void registerTensors(Napi::Object exports) {
  expose(exports, "import", import);
  expose(exports, "read", read);
  expose(exports, "item", item);
  expose(exports, "isTensor", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const Handle* handle = handleOf(info.Env(), info[0]);
    return Napi::Boolean::New(info.Env(), handle != nullptr && handle->kind == Handle::Kind::Tensor);
  });
  expose(exports, "release", [](const Napi::CallbackInfo& info) -> Napi::Value {
    release(info.Env(), info[0]);
    return info.Env().Undefined();
  });
  expose(exports, "shape", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return numbers(info.Env(), tensorOf(info.Env(), info[0]).sizes());
  });
  expose(exports, "strides", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return numbers(info.Env(), tensorOf(info.Env(), info[0]).strides());
  });
  expose(exports, "dtype", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::String::New(info.Env(), nameOf(tensorOf(info.Env(), info[0]).scalar_type()));
  });
  expose(exports, "device", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::String::New(info.Env(), tensorOf(info.Env(), info[0]).device().str());
  });
}

}  // namespace selfadapt
