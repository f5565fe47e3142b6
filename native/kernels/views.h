// Views of images, compiled for CPUs with the vector unit.
#pragma once

#include "../views/batch.h"

namespace selfadapt::kernels {

void writeView(const views::Batch& batch, int position, float* target, float* scratch);

}  // namespace selfadapt::kernels
