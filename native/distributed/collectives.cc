// Several processes for JavaScript: the store, the group, and collectives, answered by promises or (…Now) at once.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/tensor.h>

#include <string>
#include <thread>
#include <vector>

#include "../guard.h"
#include "../handle.h"
#include "../parts.h"
#include "../values.h"

#if defined(SELFADAPT_GLOO)

#include "answer.h"
#include "group.h"

namespace selfadapt {

namespace {

using Info = Napi::CallbackInfo;
using Work = c10::intrusive_ptr<c10d::Work>;

int integerGiven(const Napi::Value& value, const char* what) {
  TORCH_CHECK(value.IsNumber(), what, " is a number, received ", describe(value.Env(), value));
  return value.As<Napi::Number>().Int32Value();
}

Milliseconds timeoutGiven(const Napi::Value& value) { return Milliseconds(integerGiven(value, "the timeout")); }

std::vector<at::Tensor> tensorsGiven(const Napi::Value& value) {
  std::vector<at::Tensor> tensors;
  const auto array = listGiven(value, "a list of tensors");
  for (uint32_t i = 0; i < array.Length(); i++) tensors.push_back(tensorOf(value.Env(), array.Get(i)));
  return tensors;
}

std::vector<int64_t> countsGiven(const Napi::Value& value) {
  std::vector<int64_t> counts;
  const auto array = listGiven(value, "a list of counts");
  for (uint32_t i = 0; i < array.Length(); i++) counts.push_back(integerGiven(array.Get(i), "a count"));
  return counts;
}

c10d::ReduceOp reductionNamed(const std::string& name) {
  if (name == "sum") return c10d::ReduceOp::SUM;
  if (name == "min") return c10d::ReduceOp::MIN;
  if (name == "max") return c10d::ReduceOp::MAX;
  TORCH_CHECK(false, "a reduction is sum, min or max, received \"", name, "\"");
}

// Runs on a thread of its own, because connecting waits for other processes.
template <typename Body>
Napi::Value inBackground(Napi::Env env, Body body, bool keepsAlive = true) {
  auto* answer = new Answer(env);
  if (!keepsAlive) answer->unref(env);
  const auto promise = answer->promise();
  std::thread([answer, body] {
    std::string error;
    try {
      body();
    } catch (const std::exception& failure) {
      error = cleanMessage(failure.what());
    }
    answer->settle(error);
  }).detach();
  return promise;
}

Napi::Value whenDone(Napi::Env env, Work work) {
  auto* answer = new Answer(env);
  const auto promise = answer->promise();
  // The callback keeps `work`, which keeps the tensors.
  work->getFuture()->addCallback([answer, work](c10::ivalue::Future& future) {
    answer->settle(future.hasError() ? cleanMessage(future.tryRetrieveErrorMessage()) : "");
  });
  return promise;
}

Work allReduce(const Info& info) {
  auto tensors = tensorsGiven(info[0]);
  c10d::AllreduceOptions options;
  options.reduceOp = reductionNamed(textGiven(info[1], "the reduction"));
  return openedGroup().allreduce(tensors, options);
}

Work broadcast(const Info& info) {
  auto tensors = tensorsGiven(info[0]);
  c10d::BroadcastOptions options;
  options.rootRank = integerGiven(info[1], "the root's rank");
  return openedGroup().broadcast(tensors, options);
}

// allGather(outputs, one a rank; input)
Work allGather(const Info& info) {
  std::vector<std::vector<at::Tensor>> outputs{tensorsGiven(info[0])};
  std::vector<at::Tensor> inputs{tensorOf(info.Env(), info[1])};
  return openedGroup().allgather(outputs, inputs);
}

// allToAll(output, input, rows of the output from each rank, rows of the input to each rank)
Work allToAll(const Info& info) {
  at::Tensor output = tensorOf(info.Env(), info[0]), input = tensorOf(info.Env(), info[1]);
  auto from = countsGiven(info[2]), to = countsGiven(info[3]);
  return openedGroup().alltoall_base(output, input, from, to);
}

Work barrier(const Info&) { return openedGroup().barrier(); }

// One collective in its two forms: `name` answers with a promise; `nameNow` waits.
void exposeCollective(Napi::Object exports, const std::string& name, Work (*start)(const Info&)) {
  expose(exports, name.c_str(), [start](const Info& info) { return whenDone(info.Env(), start(info)); });
  expose(exports, (name + "Now").c_str(), [start](const Info& info) -> Napi::Value {
    start(info)->wait();
    return info.Env().Undefined();
  });
}

// packGradients(parameters, flat): the gradients one after the other at the beginning of `flat`, zeros where there is none;
// then for each parameter whether there is one.
Napi::Value packGradients(const Info& info) {
  const auto parameters = tensorsGiven(info[0]);
  const at::Tensor flat = tensorOf(info.Env(), info[1]);
  std::vector<float> present;
  int64_t at = 0;
  for (const at::Tensor& parameter : parameters) {
    at::Tensor place = flat.narrow(0, at, parameter.numel()).view(parameter.sizes());
    present.push_back(parameter.grad().defined() ? 1 : 0);
    if (parameter.grad().defined()) {
      place.copy_(parameter.grad());
    } else {
      place.zero_();
    }
    at += parameter.numel();
  }
  flat.narrow(0, at, parameters.size()).copy_(at::tensor(present));
  return info.Env().Undefined();
}

// unpackGradients(parameters, flat): the inverse; what no rank has a gradient of keeps none.
Napi::Value unpackGradients(const Info& info) {
  const auto parameters = tensorsGiven(info[0]);
  const at::Tensor flat = tensorOf(info.Env(), info[1]);
  int64_t at = 0;
  for (const at::Tensor& parameter : parameters) at += parameter.numel();
  const at::Tensor present = flat.narrow(0, at, parameters.size()).to(at::kCPU, at::kFloat);
  at = 0;
  for (size_t i = 0; i < parameters.size(); i++) {
    const at::Tensor& parameter = parameters[i];
    const at::Tensor sum = flat.narrow(0, at, parameter.numel()).view(parameter.sizes());
    at += parameter.numel();
    if (present.data_ptr<float>()[i] == 0) continue;
    if (!parameter.grad().defined()) parameter.mutable_grad() = at::empty_like(parameter);
    parameter.mutable_grad().copy_(sum);
  }
  return info.Env().Undefined();
}

Napi::Value openGroupGiven(const Info& info) {
  const GroupPlace place{integerGiven(info[0], "the rank"), integerGiven(info[1], "the number of ranks"),
                         textGiven(info[2], "the address"), textGiven(info[3], "the interface")};
  const Milliseconds timeout = timeoutGiven(info[4]);
  return inBackground(info.Env(), [=] { openGroup(place, timeout); });
}

Napi::Value connectStoreGiven(const Info& info) {
  const std::string host = textGiven(info[0], "the host"), prefix = textGiven(info[2], "the prefix");
  const int port = integerGiven(info[1], "the port");
  const Milliseconds timeout = timeoutGiven(info[3]);
  return inBackground(info.Env(), [=] { connectStore(host, port, prefix, timeout); });
}

}  // namespace

void registerDistributed(Napi::Object exports) {
  expose(exports, "hasGloo", [](const Info& info) -> Napi::Value { return Napi::Boolean::New(info.Env(), true); });
  expose(exports, "serveStore", [](const Info& info) -> Napi::Value {
    const int port = serveStore(textGiven(info[0], "the host"), integerGiven(info[1], "the port"),
                                textGiven(info[2], "the prefix"), timeoutGiven(info[3]));
    return Napi::Number::New(info.Env(), port);
  });
  expose(exports, "connectStore", connectStoreGiven);
  expose(exports, "storeSet", [](const Info& info) -> Napi::Value {
    const std::string value = textGiven(info[1], "the value");
    openedStore().set(textGiven(info[0], "the key"), std::vector<uint8_t>(value.begin(), value.end()));
    return info.Env().Undefined();
  });
  // Waits for the key, up to the store's timeout.
  expose(exports, "storeGet", [](const Info& info) -> Napi::Value {
    const auto value = openedStore().get(textGiven(info[0], "the key"));
    return Napi::String::New(info.Env(), std::string(value.begin(), value.end()));
  });
  expose(exports, "storeHas", [](const Info& info) -> Napi::Value {
    return Napi::Boolean::New(info.Env(), openedStore().check({textGiven(info[0], "the key")}));
  });
  // Whether the store answers: one that cannot be reached any more keeps its callers waiting.
  expose(exports, "storeAnswers", [](const Info& info) -> Napi::Value {
    return inBackground(info.Env(), [] { openedStore().check({"selfadapt/met"}); }, false);
  });
  expose(exports, "storeAdd", [](const Info& info) -> Napi::Value {
    const auto sum = openedStore().add(textGiven(info[0], "the key"), integerGiven(info[1], "the summand"));
    return Napi::Number::New(info.Env(), static_cast<double>(sum));
  });
  expose(exports, "openGroup", openGroupGiven);
  expose(exports, "closeGroup", [](const Info& info) -> Napi::Value {
    closeGroup();
    return info.Env().Undefined();
  });
  exposeCollective(exports, "allReduce", allReduce);
  exposeCollective(exports, "broadcast", broadcast);
  exposeCollective(exports, "allGather", allGather);
  exposeCollective(exports, "allToAll", allToAll);
  exposeCollective(exports, "barrier", barrier);
  expose(exports, "packGradients", packGradients);
  expose(exports, "unpackGradients", unpackGradients);
}

}  // namespace selfadapt

#else

namespace selfadapt {

void registerDistributed(Napi::Object exports) {
  expose(exports, "hasGloo",
         [](const Napi::CallbackInfo& info) -> Napi::Value { return Napi::Boolean::New(info.Env(), false); });
}

}  // namespace selfadapt

#endif
