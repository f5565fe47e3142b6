#include "handle.h"

#include "values.h"

namespace selfadapt {

namespace {

// The type tag of our externals: a random constant.
constexpr napi_type_tag kTag = {0x8f3c1d5e7a9b4c20, 0xb61e0f2d934857ca};

void finalize(napi_env, void* data, void*) {
  auto* handle = static_cast<Handle*>(data);
  if (handle->tensor.defined()) handle->owner->liveTensors--;
  delete handle;
}

napi_value wrap(napi_env env, Handle* handle) {
  napi_value value = nullptr;
  if (napi_create_external(env, handle, finalize, nullptr, &value) != napi_ok) {
    delete handle;
    TORCH_CHECK(false, "JavaScript refused a new tensor handle");
  }
  TORCH_CHECK(napi_type_tag_object(env, value, &kTag) == napi_ok, "JavaScript refused to mark a new tensor handle");
  return value;
}

}  // namespace

napi_value wrapTensor(napi_env env, at::Tensor tensor) {
  if (!tensor.defined()) {
    napi_value null = nullptr;
    napi_get_null(env, &null);
    return null;
  }
  napi_value value = wrap(env, new Handle{Handle::Kind::Tensor, environmentOf(env), std::move(tensor), {}});
  environmentOf(env)->liveTensors++;
  return value;
}

napi_value wrapGenerator(napi_env env, at::Generator generator) {
  return wrap(env, new Handle{Handle::Kind::Generator, environmentOf(env), {}, std::move(generator)});
}

Handle* handleOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type != napi_external) return nullptr;
  bool ours = false;
  if (napi_check_object_type_tag(env, value, &kTag, &ours) != napi_ok || !ours) return nullptr;
  void* data = nullptr;
  napi_get_value_external(env, value, &data);
  return static_cast<Handle*>(data);
}

namespace {

Handle* tensorHandleOf(napi_env env, napi_value value, const char* what) {
  Handle* handle = handleOf(env, value);
  TORCH_CHECK(handle != nullptr && handle->kind == Handle::Kind::Tensor, what, " is not a tensor, received ",
              describe(env, value));
  return handle;
}

}  // namespace

const at::Tensor& tensorOf(napi_env env, napi_value value, const char* what) {
  Handle* handle = tensorHandleOf(env, value, what);
  TORCH_CHECK(handle->tensor.defined(), what, " was released");
  return handle->tensor;
}

void release(napi_env env, napi_value value) {
  Handle* handle = tensorHandleOf(env, value, "what is released");
  if (!handle->tensor.defined()) return;
  handle->tensor.reset();
  handle->owner->liveTensors--;
}

}  // namespace selfadapt
