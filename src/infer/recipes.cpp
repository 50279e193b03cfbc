#include "recipes.hpp"

#include <openvino/core/preprocess/pre_post_process.hpp>

namespace pyro::infer {
namespace {

// The image networks were written for pixels interleaved (N, H, W, 3); our crops write the three colours one
// after the other (N, 3, H, W), which is also what the engine computes with: the conversion falls away.
void take_planar_input(const std::shared_ptr<ov::Model>& graph) {
  ov::preprocess::PrePostProcessor steps(graph);
  steps.input().tensor().set_layout("NCHW");
  steps.input().model().set_layout("NHWC");
  steps.build();
}

void fix_batch(const std::shared_ptr<ov::Model>& graph) {
  auto shape = graph->input().get_partial_shape();
  shape[0] = 1;
  graph->reshape(shape);
}

}  // namespace

void prepare(const std::string& name, const std::shared_ptr<ov::Model>& graph) {
  if (name == "face_mesh_478") {
    fix_batch(graph);
    // The third output ("tongue out") is not part of the 52 and nobody reads it.
    graph->remove_result(graph->get_results().at(2));
    graph->validate_nodes_and_infer_types();
  }
  if (name == "face_mesh_478" || name == "face_mesh_468" || name == "face_detector") take_planar_input(graph);
}

}  // namespace pyro::infer
