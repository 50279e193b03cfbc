#include "recipes.hpp"

namespace pyro::infer {
namespace {

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
}

}  // namespace pyro::infer
