// The addon's entry: once for each environment that loads it, the main thread's and every worker's.
#include <napi.h>

#include "environment.h"
#include "parts.h"

namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new selfadapt::SharedEnvironment(std::make_shared<selfadapt::Environment>()));
  selfadapt::quietLibtorch();
  selfadapt::registerDispatch(exports);
  selfadapt::registerTensors(exports);
  selfadapt::registerAutograd(exports);
  selfadapt::registerRandom(exports);
  selfadapt::registerDevices(exports);
  selfadapt::registerMemory(exports);
  selfadapt::registerPacked(exports);
  selfadapt::registerDistributed(exports);
  selfadapt::registerProfile(exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(selfadapt, initialize)
