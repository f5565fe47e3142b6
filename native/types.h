// The names under which JavaScript knows element types, and their bytes.
#pragma once

#include <c10/core/ScalarType.h>

#include <string>

namespace selfadapt {

// Throws `c10::Error`, listing the known names, for any other.
c10::ScalarType scalarTypeNamed(const std::string& name);
const char* nameOf(c10::ScalarType type);

}  // namespace selfadapt
