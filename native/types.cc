#include "types.h"

#include <ATen/Context.h>
#include <c10/util/Exception.h>

#include <string>
#include <utility>

namespace selfadapt {

namespace {

constexpr std::pair<const char*, c10::ScalarType> kTypes[] = {
    {"float32", c10::ScalarType::Float},     {"float64", c10::ScalarType::Double},
    {"float16", c10::ScalarType::Half},      {"bfloat16", c10::ScalarType::BFloat16},
    {"int64", c10::ScalarType::Long},        {"int32", c10::ScalarType::Int},
    {"int16", c10::ScalarType::Short},       {"int8", c10::ScalarType::Char},
    {"uint8", c10::ScalarType::Byte},        {"bool", c10::ScalarType::Bool},
};

}  // namespace

c10::ScalarType scalarTypeNamed(const std::string& name) {
  std::string known;
  for (const auto& [candidate, type] : kTypes) {
    if (name == candidate) return type;
    known += known.empty() ? candidate : std::string(", ") + candidate;
  }
  TORCH_CHECK(false, "unknown dtype \"", name, "\"; expected one of ", known);
}

const char* nameOf(c10::ScalarType type) {
  for (const auto& [name, candidate] : kTypes) {
    if (type == candidate) return name;
  }
  return c10::toString(type);
}

c10::Device deviceNamed(const std::string& name) {
  const auto colon = name.find(':');
  const std::string kind = name.substr(0, colon);
  TORCH_CHECK(kind == "cpu" || kind == "cuda", "unknown device \"", name, "\"; expected cpu, cuda or cuda:N");
  const c10::Device device(name);
  TORCH_CHECK(device.is_cpu() || at::globalContext().hasCUDA(), "device \"", name,
              "\" was asked for, but libtorch sees no CUDA device here");
  TORCH_CHECK(!device.is_cpu() || device.index() <= 0, "unknown device \"", name, "\"; there is one cpu");
  return device;
}

}  // namespace selfadapt
