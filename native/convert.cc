#include "convert.h"

#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "handle.h"
#include "types.h"
#include "values.h"

namespace selfadapt {

namespace {

using c10::IValue;
using c10::TypeKind;
using c10::TypePtr;

// Limits the length of lists: no operator takes one near this long.
constexpr uint32_t kLongestList = 1 << 24;

// What is being converted, for error messages.
struct Context {
  napi_env env;
  const c10::Argument& argument;
  bool integral;
};

bool isTypedArray(napi_env env, napi_value value) {
  bool result = false;
  napi_is_typedarray(env, value, &result);
  return result;
}

[[noreturn]] void refuse(const Context& context, napi_value value, const std::string& expected) {
  TORCH_CHECK(false, "argument \"", context.argument.name(), "\" expects ", expected, ", received ",
              describe(context.env, value));
}

[[noreturn]] void refuse(const Context& context, napi_value value, const TypePtr& type) {
  refuse(context, value, type->str());
}

int64_t toInt(const Context& context, napi_value value) {
  const napi_valuetype type = typeOf(context.env, value);
  if (type == napi_number) {
    double number = 0;
    napi_get_value_double(context.env, value, &number);
    if (std::trunc(number) == number && std::fabs(number) <= kMaxSafeInteger) return static_cast<int64_t>(number);
  } else if (type == napi_bigint) {
    int64_t number = 0;
    bool lossless = false;
    napi_get_value_bigint_int64(context.env, value, &number, &lossless);
    if (lossless) return number;
  }
  refuse(context, value, type == napi_bigint ? "an integer of 64 bits" : "an integer");
}

double toDouble(const Context& context, napi_value value) {
  if (typeOf(context.env, value) != napi_number) refuse(context, value, "a number");
  double number = 0;
  napi_get_value_double(context.env, value, &number);
  return number;
}

bool toBool(const Context& context, napi_value value) {
  if (typeOf(context.env, value) != napi_boolean) refuse(context, value, "true or false");
  bool flag = false;
  napi_get_value_bool(context.env, value, &flag);
  return flag;
}

std::string toText(const Context& context, napi_value value, const char* expected) {
  if (typeOf(context.env, value) != napi_string) refuse(context, value, expected);
  return textOf(context.env, value);
}

c10::Scalar toScalar(const Context& context, napi_value value) {
  switch (typeOf(context.env, value)) {
    case napi_boolean: return c10::Scalar(toBool(context, value));
    case napi_bigint: return c10::Scalar(toInt(context, value));
    case napi_number: {
      const double number = toDouble(context, value);
      const bool whole = std::trunc(number) == number && std::fabs(number) <= kMaxSafeInteger;
      if (context.integral && whole) return c10::Scalar(static_cast<int64_t>(number));
      return c10::Scalar(number);
    }
    default: refuse(context, value, "a number or a boolean");
  }
}

const at::Tensor& toTensor(const Context& context, napi_value value) {
  Handle* handle = handleOf(context.env, value);
  if (handle == nullptr || handle->kind != Handle::Kind::Tensor) refuse(context, value, "a tensor");
  TORCH_CHECK(handle->tensor.defined(), "argument \"", context.argument.name(), "\" is a tensor that was released");
  return handle->tensor;
}

c10::Layout toLayout(const Context& context, napi_value value) {
  if (toText(context, value, "a layout") == "strided") return c10::Layout::Strided;
  refuse(context, value, "the layout \"strided\"");
}

c10::MemoryFormat toMemoryFormat(const Context& context, napi_value value) {
  const std::string name = toText(context, value, "a memory format");
  if (name == "contiguous") return c10::MemoryFormat::Contiguous;
  if (name == "preserve") return c10::MemoryFormat::Preserve;
  if (name == "channels_last") return c10::MemoryFormat::ChannelsLast;
  if (name == "channels_last_3d") return c10::MemoryFormat::ChannelsLast3d;
  refuse(context, value, "\"contiguous\", \"preserve\", \"channels_last\" or \"channels_last_3d\"");
}

// Copies the elements of an array or typed array, so that they cannot change during the conversion.
std::vector<napi_value> elementsOf(const Context& context, napi_value value, const TypePtr& type) {
  uint32_t length = 0;
  if (isArray(context.env, value)) {
    napi_get_array_length(context.env, value, &length);
  } else if (isTypedArray(context.env, value)) {
    size_t count = 0;
    napi_get_typedarray_info(context.env, value, nullptr, &count, nullptr, nullptr, nullptr);
    length = static_cast<uint32_t>(std::min<size_t>(count, UINT32_MAX));
  } else {
    refuse(context, value, type);
  }
  TORCH_CHECK(length <= kLongestList, "argument \"", context.argument.name(), "\" is a list of ", length,
              " elements; expected at most ", kLongestList);
  std::vector<napi_value> elements(length);
  for (uint32_t i = 0; i < length; i++) {
    if (napi_get_element(context.env, value, i, &elements[i]) != napi_ok) refuse(context, value, type);
  }
  return elements;
}

IValue convert(const Context& context, napi_value value, const TypePtr& type);

// `int[2] stride` takes one number for all, as in PyTorch.
bool repeats(const Context& context, napi_value value) {
  return context.argument.N().has_value() && typeOf(context.env, value) == napi_number;
}

template <typename T, typename Convert>
c10::List<T> listOf(const Context& context, napi_value value, const TypePtr& type, Convert one) {
  c10::List<T> list;
  if (repeats(context, value)) {
    for (int32_t i = 0; i < *context.argument.N(); i++) list.push_back(one(context, value));
    return list;
  }
  for (napi_value element : elementsOf(context, value, type)) list.push_back(one(context, element));
  return list;
}

IValue convertList(const Context& context, napi_value value, const TypePtr& type) {
  const TypePtr& element = type->containedType(0);
  switch (element->kind()) {
    case TypeKind::TensorType: return listOf<at::Tensor>(context, value, type, toTensor);
    case TypeKind::IntType:
    case TypeKind::SymIntType: return listOf<int64_t>(context, value, type, toInt);
    case TypeKind::FloatType: return listOf<double>(context, value, type, toDouble);
    case TypeKind::BoolType: return listOf<bool>(context, value, type, toBool);
    default: break;
  }
  c10::impl::GenericList list(element);
  for (napi_value item : elementsOf(context, value, type)) list.push_back(convert(context, item, element));
  return list;
}

IValue convert(const Context& context, napi_value value, const TypePtr& type) {
  const napi_valuetype given = typeOf(context.env, value);
  switch (type->kind()) {
    case TypeKind::OptionalType:
      if (given == napi_null || given == napi_undefined) return IValue();
      return convert(context, value, type->containedType(0));
    case TypeKind::TensorType: return toTensor(context, value);
    case TypeKind::IntType:
    case TypeKind::SymIntType: return toInt(context, value);
    case TypeKind::FloatType: return toDouble(context, value);
    case TypeKind::BoolType: return toBool(context, value);
    case TypeKind::NumberType: return toScalar(context, value);
    case TypeKind::StringType: return toText(context, value, "a string");
    case TypeKind::ScalarTypeType: return static_cast<int64_t>(scalarTypeNamed(toText(context, value, "a dtype")));
    case TypeKind::LayoutType: return static_cast<int64_t>(toLayout(context, value));
    case TypeKind::MemoryFormatType: return static_cast<int64_t>(toMemoryFormat(context, value));
    case TypeKind::DeviceObjType: return deviceNamed(toText(context, value, "a device"));
    case TypeKind::GeneratorType: {
      Handle* handle = handleOf(context.env, value);
      if (handle == nullptr || handle->kind != Handle::Kind::Generator) refuse(context, value, "a generator");
      return handle->generator;
    }
    case TypeKind::ListType: return convertList(context, value, type);
    default: refuse(context, value, type->str() + ", which JavaScript cannot give");
  }
}

napi_value number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

napi_value integer(napi_env env, int64_t value) {
  if (std::fabs(static_cast<double>(value)) <= kMaxSafeInteger) return number(env, static_cast<double>(value));
  napi_value result = nullptr;
  napi_create_bigint_int64(env, value, &result);
  return result;
}

template <typename Elements>
napi_value arrayOf(napi_env env, const Elements& elements) {
  napi_value array = nullptr;
  napi_create_array_with_length(env, elements.size(), &array);
  uint32_t position = 0;
  for (const IValue& element : elements) napi_set_element(env, array, position++, fromIValue(env, element));
  return array;
}

}  // namespace

c10::IValue toIValue(napi_env env, napi_value value, const c10::Argument& argument, bool integral) {
  return convert(Context{env, argument, integral}, value, argument.real_type());
}

napi_value fromIValue(napi_env env, const c10::IValue& value) {
  napi_value result = nullptr;
  if (value.isTensor()) return wrapTensor(env, value.toTensor());
  if (value.isInt()) return integer(env, value.toInt());
  if (value.isDouble()) return number(env, value.toDouble());
  if (value.isBool()) {
    napi_get_boolean(env, value.toBool(), &result);
    return result;
  }
  if (value.isString()) {
    const std::string& text = value.toStringRef();
    napi_create_string_utf8(env, text.data(), text.size(), &result);
    return result;
  }
  if (value.isNone()) {
    napi_get_null(env, &result);
    return result;
  }
  if (value.isTuple()) return arrayOf(env, value.toTupleRef().elements().vec());
  if (value.isList()) return arrayOf(env, value.toListRef().vec());
  if (value.isGenerator()) return wrapGenerator(env, value.toGenerator());
  TORCH_CHECK(false, "the operator returned a ", value.tagKind(), ", which JavaScript cannot hold");
}

}  // namespace selfadapt
