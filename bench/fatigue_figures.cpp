// The figures of docs/fatigue.md, on the shared clips and stills, with the faces as the product finds them.
// Usage: fatigue_figures [--fast]   (--fast: the 468-point mesh)
#include "fatigue_figures.hpp"

#include <cstdio>
#include <string_view>

using namespace pyro;

int main(int argc, char** argv) {
  face::FaceOptions options;
  if (argc > 1 && std::string_view(argv[1]) == "--fast") options.mesh = face::MeshKind::fast;
  face::FaceFinder finder = bench::open_finder(options);
  const auto data = bench::shared_data();
  bench::Clips clips;
  for (const char* name : {"hdtf_wda_aoc.mp4", "yawn_3.avi", "lp_d0.mp4", "lp_d6.mp4", "lp_d9.mp4",
                           "lp_d20.mp4", "pyfeat_wolfganglanger.mp4", "pyfeat_single_face.mp4"}) {
    clips[name] = bench::faces_of(finder, data / "videos" / name);
  }
  bench::print_blinks(clips, data);
  bench::print_yawn_events(clips);
  bench::print_frame_rates(clips);
  bench::print_yawn_stills(finder, data);
}
