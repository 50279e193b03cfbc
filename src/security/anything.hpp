// For property tests: rapidcheck's ranges grow with the case's size, and small cases would all lie at their
// beginning.
#pragma once

#include <rapidcheck.h>

namespace pyro::security {

// From low to most - 1, each as likely.
template <typename Number>
Number any_from(Number low, Number most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, most));
}
template <typename Number>
Number any_below(Number most) {
  return any_from(Number{0}, most);
}

}  // namespace pyro::security
