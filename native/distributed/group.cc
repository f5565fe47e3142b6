#if defined(SELFADAPT_GLOO)

#include "group.h"

namespace selfadapt {

namespace {

struct Opened {
  // Served for others until this process ends; this process, too, connects to it like them.
  c10::intrusive_ptr<c10d::Store> served;
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<Group> group;
};

// Never destroyed: at the end of the process other threads may still use them.
Opened& opened() {
  static auto* both = new Opened;
  return *both;
}

c10::intrusive_ptr<c10d::TCPStore> makeStore(const std::string& host, int port, bool isServer, Milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(port);
  options.isServer = isServer;
  options.waitWorkers = false;
  options.timeout = timeout;
  return c10::make_intrusive<c10d::TCPStore>(host, options);
}

auto deviceFor(const GroupPlace& place) {
  if (!place.interface.empty()) return Group::createDeviceForInterface(place.interface);
  if (!place.address.empty()) return Group::createDeviceForHostname(place.address);
  return Group::createDefaultDevice();
}

}  // namespace

c10d::Store& openedStore() {
  TORCH_CHECK(opened().store, "no store is open");
  return *opened().store;
}

Group& openedGroup() {
  TORCH_CHECK(opened().group, "no process group is open");
  return *opened().group;
}

int serveStore(const std::string& host, int port, const std::string& prefix, Milliseconds timeout) {
  const auto store = makeStore(host, port, true, timeout);
  opened().served = store;
  opened().store = c10::make_intrusive<c10d::PrefixStore>(prefix, store);
  return store->getPort();
}

void connectStore(const std::string& host, int port, const std::string& prefix, Milliseconds timeout) {
  opened().store = makeStore(host, port, false, timeout);
  if (!prefix.empty()) opened().store = c10::make_intrusive<c10d::PrefixStore>(prefix, opened().store);
  // Whoever serves it must answer, which a store of another protocol never does.
  opened().store->add("selfadapt/met", 1);
}

void openGroup(const GroupPlace& place, Milliseconds timeout) {
  openedStore();
  const auto options = Group::Options::create(timeout);
  options->threads = 2;
  options->devices.push_back(deviceFor(place));
  opened().group = c10::make_intrusive<Group>(opened().store, place.rank, place.size, options);
}

void closeGroup() {
  opened().group.reset();
  opened().store.reset();
}

}  // namespace selfadapt

#endif
