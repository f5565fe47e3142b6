// What a backward pass may write over, decided once from the program: where each gradient goes, and when it must be copied first.
#pragma once

#include <vector>

#include "program.h"

namespace selfadapt::trunk {

// Whether a unit gathers a gradient through convolutions of these windows in one part: the first of several would write over
// what the mask is read from.
using GathersAtOnce = bool (*)(const std::vector<Window>& windows);

// Adds a plan of the backward pass to a plan. `training`: batch norms by batch statistics. `imageGradients`: whether the images
// may want a gradient; a pass in which they do not may copy where it need not.
void planBackward(Plan& plan, bool training, bool imageGradients, GathersAtOnce gathersAtOnce);

}  // namespace selfadapt::trunk
