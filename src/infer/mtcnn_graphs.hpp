// The three networks of MTCNN (Zhang et al. 2016, "Joint face detection and alignment using multitask
// cascaded convolutional networks"), built from their weights, which come without a graph. Private to the
// room.
#pragma once

#include <cstdint>
#include <memory>
#include <openvino/openvino.hpp>
#include <span>
#include <string>

#include "pyro/base/result.hpp"

namespace pyro::infer {

// name: mtcnn_pnet (input 1×3×H×W, any size from 12 on; outputs 1×4×h×w, 1×2×h×w), mtcnn_rnet (N×3×24×24;
// N×4, N×2) or mtcnn_onet (N×3×48×48; N×4, N×2, N×10): box corrections, softmax of no face and face, points.
// file: the weights in the safetensors layout (https://github.com/huggingface/safetensors, float32). Errors
// (bad_input): another name, or the file lacks what the network needs. May throw what the engine throws.
[[nodiscard]] Result<std::shared_ptr<ov::Model>> build_mtcnn(const std::string& name,
                                                             std::span<const std::uint8_t> file);

}  // namespace pyro::infer
