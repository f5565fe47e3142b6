// The store and the process group of this process: torch's own TCPStore and Gloo.
#pragma once

// The header is empty without it: libtorch was built with Gloo, but does not say so to those who include its headers.
#define USE_C10D_GLOO

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <string>

namespace selfadapt {

using Group = c10d::ProcessGroupGloo;
using Milliseconds = std::chrono::milliseconds;

// Each throws `c10::Error` where none is open.
c10d::Store& openedStore();
Group& openedGroup();

// Serves a store on a port, a free one for 0, and returns that; this process uses it with the prefix.
int serveStore(const std::string& host, int port, const std::string& prefix, Milliseconds timeout);

// Connects to a store that another process serves; keys get the prefix.
void connectStore(const std::string& host, int port, const std::string& prefix, Milliseconds timeout);

// Opens the group over the store, bound to one of this machine's addresses or interfaces; with all other ranks, or it times out.
struct GroupPlace {
  int rank, size;
  // One of the two, or neither: then what the host's name resolves to.
  std::string address, interface;
};
void openGroup(const GroupPlace& place, Milliseconds timeout);

void closeGroup();

}  // namespace selfadapt
