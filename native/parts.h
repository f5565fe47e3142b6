// The parts of the addon; each adds its functions to the exports.
#pragma once

#include <napi.h>

namespace selfadapt {

void registerDispatch(Napi::Object exports);
void registerTensors(Napi::Object exports);
void registerAutograd(Napi::Object exports);
void registerRandom(Napi::Object exports);
void registerDevices(Napi::Object exports);
void registerMemory(Napi::Object exports);
void registerPacked(Napi::Object exports);
void registerDistributed(Napi::Object exports);
void registerProfile(Napi::Object exports);

// Redirects libtorch's warnings on the calling thread, and disables stack frames in its errors.
void quietLibtorch();

}  // namespace selfadapt
