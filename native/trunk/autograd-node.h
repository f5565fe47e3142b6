// A node of the autograd graph under the pointer that this libtorch keeps nodes by: `std::shared_ptr`, or from 2.13 on
// `c10::intrusive_ptr`.
#pragma once

#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/autograd/edge.h>
#include <torch/csrc/autograd/function.h>

#include <memory>

namespace selfadapt::trunk {

using NodePointer = decltype(torch::autograd::Edge::function);

template <class Pointer>
struct NodeOwner {
  static Pointer own(torch::autograd::Node* node) { return Pointer::unsafe_steal_from_new(node); }
};

// `deleteNode` unlinks long chains of nodes without recursion. The call depends on a template argument, so that a libtorch
// without the function never looks it up.
template <class Node>
struct NodeOwner<std::shared_ptr<Node>> {
  static std::shared_ptr<Node> own(Node* node) {
    return std::shared_ptr<Node>(node, [](Node* last) { deleteNode(last); });
  }
};

inline NodePointer ownNode(torch::autograd::Node* node) { return NodeOwner<NodePointer>::own(node); }

}  // namespace selfadapt::trunk
