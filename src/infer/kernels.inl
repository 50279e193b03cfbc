// All kernels for one processor: included by the file that is compiled for it, which defines Simd — the vectors
// and their operations, how many registers there are to use, and what each does in its own way (split_rgb).

namespace planes {
namespace {

#include "plane_kernels.inl"

constexpr Table kPlanes{
    Simd::kBlock, mix, depthwise, depthwise_halving, split, Simd::split_rgb, dense};

}  // namespace
}  // namespace planes

namespace conv {
namespace {

#include "conv_kernels.inl"

constexpr Table kConv{product, split_tiles<2>, join_tiles<2>, split_tiles<4>, join_tiles<4>, halve};

}  // namespace
}  // namespace conv

namespace {
constexpr Kernels kKernels{Simd::kName, planes::kPlanes, conv::kConv};
}  // namespace
