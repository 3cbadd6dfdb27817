/**
 * Turns every failure of a request into problem+json: those of the service's own code, of Spring
 * MVC, of Jackson, and of Tomcat before any of them runs. {@link
 * io.mosaicdb.starter.problem.FailureTranslator} decides what a failure means, {@link
 * io.mosaicdb.starter.problem.ProblemWriter} writes it; the rest are the places where failures
 * surface.
 */
@NullMarked
package io.mosaicdb.starter.problem;

import org.jspecify.annotations.NullMarked;
