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

// Takes libtorch's warnings of the calling thread, and the frames of its errors, in hand.
void quietLibtorch();

}  // namespace selfadapt
