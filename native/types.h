// The names under which JavaScript knows element types and devices.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>

namespace selfadapt {

// Up to here JavaScript's numbers hold every whole number exactly.
constexpr double kMaxSafeInteger = 9007199254740991.0;

// Throws `c10::Error`, listing the known names, for any other.
c10::ScalarType scalarTypeNamed(const std::string& name);
const char* nameOf(c10::ScalarType type);

// `cpu`, `cuda`, `cuda:1`. Throws `c10::Error` for any other: operators given tensors of devices without memory
// (`meta`), or of several kinds of memory, do not all check.
c10::Device deviceNamed(const std::string& name);

}  // namespace selfadapt
